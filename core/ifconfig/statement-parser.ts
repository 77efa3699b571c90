/**
 * The words behind an interface's name to statements, left to right as BSD's ifconfig(8) works them off.
 * @module
 */
import type { AddressFamily } from '#core/ip/address.ts';
import { looksLikeAddress, readInner } from './address-parser.ts';
import { ifconfigWords, userFlags, type IfconfigStatement, type InterfaceChange, type UserFlag } from './syntax.ts';
import { readAddress, readTunnel } from './tunnel-parser.ts';
import { refuse, refuseWord, showWord, type Word, type WordReader } from './word-reader.ts';

/**
 * Read every statement of a line.
 * @throws {IpsecError} `IFCONFIG_WORD`, `ADDRESS_*`, `PREFIX_SYNTAX`, `PORT_RANGE`, `INTERFACE_MTU`, with the position.
 */
export function readStatements(reader: WordReader): IfconfigStatement[] {
  const statements: IfconfigStatement[] = [];
  while (!reader.isAtEnd()) {
    const position = reader.position();
    statements.push({ ...readChange(reader), position });
  }
  return statements;
}

function readChange(reader: WordReader): InterfaceChange {
  const word = reader.take('a word', 'ifconfig');
  const flag = flagOf(word.text);
  if (flag !== null) return { kind: 'flag', flag, isSet: word.text === flag };
  switch (word.text) {
    case 'create':
    case 'destroy':
    case 'deletetunnel':
      return { kind: word.text };
    case 'up':
    case 'down':
      return { kind: 'up', isUp: word.text === 'up' };
    case 'mtu':
      return { kind: 'mtu', mtu: readMtu(reader.take('a number', word.text)) };
    case 'tunnel':
      return readTunnel(reader, null);
    case 'delete':
    case '-alias':
      return { kind: 'delete', address: readAddress(reader.take('an address', word.text), null) };
    case 'inet':
      return readFamily(reader, 4, word.text);
    case 'inet6':
      return readFamily(reader, 6, word.text);
    default:
      if (looksLikeAddress(word.text)) return readInner(reader, word, null);
      throw refuseWord(word, ifconfigWords);
  }
}

function flagOf(text: string): UserFlag | null {
  return userFlags.find((flag) => text === flag || text === `-${flag}`) ?? null;
}

/** What follows `inet` or `inet6`: `tunnel`, `delete ADDRESS`, or an address. */
function readFamily(reader: WordReader, family: AddressFamily, after: string): InterfaceChange {
  const next = reader.take('an address', after);
  if (next.text === 'tunnel') return readTunnel(reader, family);
  if (next.text === 'delete' || next.text === '-alias') {
    return { kind: 'delete', address: readAddress(reader.take('an address', next.text), family) };
  }
  return readInner(reader, next.text === 'alias' ? reader.take('an address', next.text) : next, family);
}

/** Whether the number is one that the interface takes is not the language's to say. */
function readMtu({ text, position }: Word): number {
  if (/^[0-9]{1,6}$/.test(text)) return Number(text);
  throw refuse('INTERFACE_MTU', `mtu "${showWord(text)}" is not a number`, position, { field: 'mtu' });
}
