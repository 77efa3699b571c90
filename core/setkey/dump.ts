/**
 * The text of `setkey -D` and `setkey -DP`, byte for byte as NetBSD's libipsec prints it (pfkey_dump.c,
 * ipsec_dump_policy.c).
 *
 * With keys the text belongs to the operator only; without them each key is a placeholder in brackets.
 * @module
 */
import { toHex } from '#core/base/bytes.ts';
import type { KeyMaterial } from '#core/crypto/key-material.ts';
import { paddingKinds, type PaddingKind } from '#core/crypto/transform.ts';
import { addressFamily } from '#core/ip/address.ts';
import { IpProtocol } from '#core/ip/protocol.ts';
import { prefixParts, type IpPrefix } from '#core/ip/prefix.ts';
import type { LarvalAssociation } from '#core/sad/larval-association.ts';
import { unlimited } from '#core/sad/lifetime.ts';
import type { AssociationUsage, SecurityAssociation } from '#core/sad/security-association.ts';
import type { PolicyAction, PolicyRequest, SecurityPolicy } from '#core/spd/security-policy.ts';
import { portText, type PortSelector, type Selector } from '#core/spd/selector.ts';
import { formatUpperProtocol, greProtocol, messageProtocols } from './protocol-name.ts';
import { formatUtcTime, noTime, type TimeFormatter } from './time-stamp.ts';

/** What a dump of associations needs beside them. */
export type DumpOptions = {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Use of the association with this counter slot. */
  readonly usageOf: (slot: number) => AssociationUsage;
  readonly withKeys: boolean;
  /** Process that asks: PF_KEY's answer names it, not the one that added what is shown. */
  readonly pid: number;
  /** Associations that have an SPI only; they stand behind the others. */
  readonly larvals?: Iterable<LarvalAssociation>;
  /** Default: UTC. */
  readonly formatTime?: TimeFormatter;
};

/** What of a selector is printed; the contract has its addresses as plain text. */
export type SelectorText = { readonly [K in keyof Selector]: Selector[K] extends string ? string : Selector[K] };

/** PF_KEY's sadb_sa_flags: KAME's pfkeyv2.h, and FreeBSD's bit for ESN. */
const saFlag = { cyclicSequence: 0x40, randomPadding: 0x100, zeroPadding: 0x200, esn: 0x400 } as const;

/** reqids above it are the kernel's, and print with `#` (key.c: IPSEC_MANUAL_REQID_MAX). */
const highestManualReqid = 0x3fff;

/** Text of `setkey -D`. */
export function dumpAssociations(associations: readonly SecurityAssociation[], options: DumpOptions): string {
  const larvals = [...(options.larvals ?? [])];
  const last = associations.length + larvals.length - 1;
  if (last < 0) return 'No SAD entries.\n';
  return [
    ...associations.map((association, index) => dumpAssociation(association, last - index, options)),
    ...larvals.map((larval, index) => dumpLarval(larval, larvals.length - 1 - index, options)),
  ].join('');
}

/**
 * Text of `setkey -DP`: in before out, and within a direction as given. With `isVerbose` (-v) the policy's extension of
 * the PF_KEY message stands before each. `pid` is the process that asks.
 */
export function dumpPolicies(
  policies: readonly SecurityPolicy[],
  options: { readonly pid: number; readonly isVerbose?: boolean },
): string {
  if (policies.length === 0) return 'No SPD entries.\n';
  const ordered = [
    ...policies.filter((policy) => policy.direction === 'in'),
    ...policies.filter((policy) => policy.direction === 'out'),
  ];
  return ordered
    .map((policy, index) => {
      const extension = options.isVerbose === true ? dumpExtension(policy) : '';
      return `${extension}${dumpPolicy(policy, ordered.length - 1 - index, options.pid)}`;
    })
    .join('');
}

/** No keys, no window and no limits yet; libipsec leaves out the lines of what the message does not hold. */
function dumpLarval(larval: LarvalAssociation, rest: number, options: DumpOptions): string {
  const { source, destination, protocol, mode, createdMs } = larval;
  return [
    `${source} ${destination} `,
    `\t${protocol} mode=${mode} ${idsOf(larval)}`,
    `\tseq=${hex32(0)} replay=0 flags=${hex32(0)} state=larval `,
    ...lifetimeLines({ createdMs, lifetimes: { soft: unlimited, hard: unlimited } }, noUsage, options),
    `\tsadb_seq=${rest} pid=${options.pid} refcnt=0`,
    '',
  ].join('\n');
}

const noUsage = { lastUsedMs: 0, bytes: 0, packets: 0 };

function idsOf({ spi, reqid }: { readonly spi: number; readonly reqid: number }): string {
  return `spi=${spi}(${hex32(spi)}) reqid=${reqid}(${hex32(reqid)})`;
}

function dumpAssociation(association: SecurityAssociation, rest: number, options: DumpOptions): string {
  const { source, destination, ports, protocol, mode, natOriginal, fragmentBytes, encryption, integrity } = association;
  const usage = options.usageOf(association.slot);
  const state = `replay=${association.replayBytes} flags=${hex32(flagsOf(association))} state=${association.state}`;
  return [
    `${source}${portOf(ports?.source)} ${destination}${portOf(ports?.destination)} `,
    `\t${protocol} mode=${mode} ${idsOf(association)}`,
    ...(natOriginal === undefined ? [] : [`\tNAT OA=${natOriginal}`]),
    ...(fragmentBytes === undefined ? [] : [`\tNAT-T esp_frag=${fragmentBytes}`]),
    `\tE: ${encryption}  ${keyText(association.encryptionKey, options.withKeys)}`,
    ...(integrity === null ? [] : [`\tA: ${integrity}  ${keyText(association.integrityKey, options.withKeys)}`]),
    `\tseq=${hex32(usage.sequence % 2 ** 32)} ${state} `,
    ...lifetimeLines(association, usage, options),
    `\tsadb_seq=${rest} pid=${options.pid} refcnt=0`,
    '',
  ].join('\n');
}

function lifetimeLines(
  association: Pick<SecurityAssociation, 'createdMs' | 'lifetimes'>,
  usage: Pick<AssociationUsage, 'lastUsedMs' | 'bytes' | 'packets'>,
  options: DumpOptions,
): string[] {
  const { createdMs, lifetimes } = association;
  const { hard, soft } = lifetimes;
  const format = options.formatTime ?? formatUtcTime;
  const last = usage.lastUsedMs === 0 ? noTime : format(usage.lastUsedMs);
  const ageSeconds = Math.max(0, seconds(options.now) - seconds(createdMs));
  return [
    `\tcreated: ${format(createdMs)}\tcurrent: ${format(options.now)}`,
    `\tdiff: ${ageSeconds}(s)\thard: ${hard.addSeconds}(s)\tsoft: ${soft.addSeconds}(s)`,
    `\tlast: ${last}\thard: ${hard.useSeconds}(s)\tsoft: ${soft.useSeconds}(s)`,
    `\tcurrent: ${usage.bytes}(bytes)\thard: ${hard.bytes}(bytes)\tsoft: ${soft.bytes}(bytes)`,
    `\tallocated: ${usage.packets}\thard: ${hard.packets}\tsoft: ${soft.packets}`,
  ];
}

const paddingFlags: Readonly<Record<PaddingKind, number>> = {
  [paddingKinds.sequential]: 0,
  [paddingKinds.zero]: saFlag.zeroPadding,
  [paddingKinds.random]: saFlag.randomPadding,
};

function flagsOf(association: SecurityAssociation): number {
  const cyclic = association.isCyclic ? saFlag.cyclicSequence : 0;
  return cyclic | paddingFlags[association.padding] | (association.hasEsn ? saFlag.esn : 0);
}

function keyText(key: KeyMaterial | null, withKeys: boolean): string {
  if (key === null || key.length === 0) return '';
  if (!withKeys) return `(${key.length * 8}-bit key not shown)`;
  return toHex(key.reveal()).replace(/(.{8})(?=.)/g, '$1 ');
}

function portOf(port: number | undefined): string {
  return port === undefined ? '' : `[${port}]`;
}

function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}

function hex32(value: number): string {
  return `0x${value.toString(16).padStart(8, '0')}`;
}

/** RFC 4301's actions in setkey's words. */
export const actionWords: Readonly<Record<PolicyAction, string>> = {
  protect: 'ipsec',
  bypass: 'none',
  discard: 'discard',
};

/** IPSEC_POLICY_* (netipsec/ipsec.h). */
const actionNumbers: Readonly<Record<PolicyAction, number>> = { discard: 0, bypass: 1, protect: 2 };
/** IPSEC_DIR_*. */
const directionNumbers = { in: 1, out: 2 } as const;
/** IPSEC_MODE_*. */
const modeNumbers: Readonly<Record<PolicyRequest['mode'], number>> = { transport: 1 };
/** IPSEC_LEVEL_*. */
const levelNumbers: Readonly<Record<PolicyRequest['level'], number>> = { default: 0, use: 1, require: 2, unique: 3 };
/** IPSEC_POLICY_FLAG_ORIGIN_KERNEL; a policy of a user has none. */
const kernelOrigin = 0x80;
/** Length of a struct sadb_x_ipsecrequest without addresses. */
const requestBytes = 16;

/** sadb_x_policy and its requests, as libipsec's key_debug.c prints them. */
function dumpExtension({ action, direction, origin, spid, requests }: SecurityPolicy): string {
  const flags = `0x${(origin === 'kernel' ? kernelOrigin : 0).toString(16).padStart(2, '0')}`;
  const numbers = `type=${actionNumbers[action]} dir=${directionNumbers[direction]}`;
  const lines = requests.map(
    ({ mode, level, reqid }) =>
      ` { len=${requestBytes} proto=${IpProtocol.esp} mode=${modeNumbers[mode]} level=${levelNumbers[level]} reqid=${reqid}\n }\n`,
  );
  return `sadb_x_policy{ ${numbers} flags=${flags} id=${spid.toString(16)} }\n${lines.join('')}`;
}

function dumpPolicy(policy: SecurityPolicy, rest: number, pid: number): string {
  return [
    selectorText(policy.selector),
    `\t${policy.direction} ${actionWords[policy.action]}`,
    ...policy.requests.map(requestLine),
    `\tspid=${policy.spid} seq=${rest} pid=${pid}`,
    '\trefcnt=0',
    '',
  ].join('\n');
}

/** The first line of a policy: `A/len[port] B/len[port] number(name)`, and an ICMP type and code behind it. */
export function selectorText(selector: SelectorText): string {
  const { source, destination, sourcePort, destinationPort, upperProtocol } = selector;
  const protocol = formatUpperProtocol(upperProtocol);
  if (!messageProtocols.includes(upperProtocol) && upperProtocol !== greProtocol) {
    return `${prefixText(source)}${selectorPort(sourcePort)} ${prefixText(destination)}${selectorPort(destinationPort)} ${protocol}`;
  }
  const isAny = sourcePort === 0 && destinationPort === 0;
  const message = isAny ? '' : ` ${messageText(sourcePort)},${messageText(destinationPort)}`;
  return `${prefixText(source)} ${prefixText(destination)} ${protocol}${message}`;
}

function prefixText(prefix: string): string {
  if (!prefix.includes('/')) return prefix;
  const { address, length } = prefixParts(prefix as IpPrefix);
  return length === (addressFamily(address) === 4 ? 32 : 128) ? address : prefix;
}

function selectorPort(port: PortSelector): string {
  return `[${portText(port)}]`;
}

/** A type or code; PF_KEY has no other word for any than 0. */
function messageText(port: PortSelector): string {
  return port === 0 ? '0' : portText(port);
}

function requestLine(request: PolicyRequest): string {
  return `\t${requestText(request)}`;
}

/** A request of a policy: `esp/transport//unique#16385`; a reqid of 0 is left out. */
export function requestText({ protocol, mode, level, reqid }: PolicyRequest): string {
  const id = level !== 'unique' || reqid === 0 ? '' : reqid > highestManualReqid ? `#${reqid}` : `:${reqid}`;
  return `${protocol}/${mode}//${level}${id}`;
}
