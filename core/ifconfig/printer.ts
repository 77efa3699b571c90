/**
 * Prints the tree of ifconfig's language: one spelling for each thing, which parses to the same tree again.
 * @module
 */
import { addressFamily } from '#core/ip/address.ts';
import type { IfconfigLine, InterfaceChange } from './syntax.ts';

/** Text of whole lines, each with its line feed. */
export function printIfconfig(lines: readonly IfconfigLine[]): string {
  return lines.map((line) => `${printLine(line)}\n`).join('');
}

/** One line, without its line feed. */
function printLine(line: IfconfigLine): string {
  switch (line.kind) {
    case 'blank':
      return commentText(line.comment);
    case 'shell':
      return `!${line.command}`;
    case 'statements': {
      const name = line.name === null ? [] : ['ifconfig', line.name];
      const comment = line.comment === null ? [] : [commentText(line.comment)];
      return [...name, ...line.statements.map(printChange), ...comment].join(' ');
    }
  }
}

/** The words of one change, as they follow an interface's name. */
function printChange(change: InterfaceChange): string {
  switch (change.kind) {
    case 'create':
    case 'destroy':
    case 'deletetunnel':
      return change.kind;
    case 'up':
      return change.isUp ? 'up' : 'down';
    case 'flag':
      return `${change.isSet ? '' : '-'}${change.flag}`;
    case 'mtu':
      return `mtu ${change.mtu}`;
    case 'tunnel':
      return `tunnel ${outer(change.local, change.localPort)} ${outer(change.peer, change.peerPort)}`;
    case 'address': {
      const peer = change.peer === null ? '' : ` ${change.peer}`;
      return `${familyWord(change.address)} ${change.address}/${change.prefixLength}${peer}`;
    }
    case 'delete':
      return `${familyWord(change.address)} -alias ${change.address}`;
  }
}

/** `ADDRESS[,PORT]`, the port only where there is one. */
export function outer(address: string, port: number): string {
  return port === 0 ? address : `${address},${port}`;
}

function familyWord(address: Parameters<typeof addressFamily>[0]): string {
  return addressFamily(address) === 4 ? 'inet' : 'inet6';
}

function commentText(comment: string | null): string {
  return comment === null ? '' : `#${comment}`;
}
