/**
 * IP addresses as canonical text (RFC 5952): they survive structured clone, work with `===` and as Map keys, and print
 * themselves. The datapath sees only their bytes.
 *
 * IPv4 is strict dotted decimal: no leading zeros, no fewer than four parts (RFC 6943 §3.1.1 tells what the loose
 * forms do). IPv6 takes an optional `%zone` (RFC 4007 §11), kept as written. IPv4-mapped addresses print mixed (RFC 5952 §5).
 * @module
 */
import type { Brand } from '#core/base/brand.ts';
import { IpsecError } from '#core/base/error.ts';

/** Canonical text of an IPv4 or IPv6 address. Two are the same address exactly when the strings are equal. */
export type IpAddress = Brand<string, 'IpAddress'>;

/** IP version of an address. */
export type AddressFamily = 4 | 6;

/**
 * Read an address in any accepted spelling and give the canonical one.
 * @throws {IpsecError} `ADDRESS_SYNTAX` with the text.
 */
export function parseIpAddress(text: string): IpAddress {
  const [bare, zone] = splitZone(text);
  const family: AddressFamily = bare.includes(':') ? 6 : 4;
  const bytes = family === 4 ? parseIpv4(bare) : parseIpv6(bare);
  if (bytes === null || (zone !== null && (family === 4 || !zonePattern.test(zone)))) {
    throw new IpsecError('ADDRESS_SYNTAX', `"${shorten(text)}" is not an IP address`, { text: shorten(text) });
  }
  const canonical = formatAddress(bytes, 0, family);
  return zone === null ? canonical : (`${canonical}%${zone}` as IpAddress);
}

/** 4 or 6. */
export function addressFamily(address: IpAddress): AddressFamily {
  return address.includes(':') ? 6 : 4;
}

/** The bytes in network order, 4 or 16 of them, freshly allocated; a zone is left out. */
export function addressBytes(address: IpAddress): Uint8Array {
  const [bare] = splitZone(address);
  const bytes = addressFamily(address) === 4 ? parseIpv4(bare) : parseIpv6(bare);
  if (bytes === null) throw new IpsecError('ADDRESS_SYNTAX', `"${shorten(address)}" is not an IP address`);
  return bytes;
}

/** The datapath's form: 16 bytes, IPv4 in the first four and the rest zero. */
export function addressBytes16(address: IpAddress): Uint8Array {
  const padded = new Uint8Array(16);
  padded.set(addressBytes(address));
  return padded;
}

/** The address in `bytes` at `offset`: 4 bytes for family 4, 16 for family 6. */
export function formatAddress(bytes: Uint8Array, offset: number, family: AddressFamily): IpAddress {
  return (family === 4 ? formatIpv4(bytes, offset) : formatIpv6(bytes, offset)) as IpAddress;
}

/** The address without its zone. */
export function withoutZone(address: IpAddress): IpAddress {
  return splitZone(address)[0] as IpAddress;
}

/** The zone (RFC 4007 §11) of an address; null for none. */
export function addressZone(address: IpAddress): string | null {
  return splitZone(address)[1];
}

/** 224.0.0.0/4 (RFC 1112 §4) or ff00::/8 (RFC 4291 §2.7). */
export function isMulticast(address: IpAddress): boolean {
  const bytes = addressBytes(address);
  return bytes.length === 4 ? bytes[0]! >> 4 === 14 : bytes[0] === 0xff;
}

/** 0.0.0.0 or :: (RFC 4291 §2.5.2). */
export function isUnspecified(address: IpAddress): boolean {
  return addressBytes(address).every((byte) => byte === 0);
}

/** 127.0.0.0/8 (RFC 1122 §3.2.1.3) or ::1 (RFC 4291 §2.5.3). */
export function isLoopback(address: IpAddress): boolean {
  return addressFamily(address) === 4 ? addressBytes(address)[0] === 127 : withoutZone(address) === '::1';
}

/** fe80::/10 (RFC 4291 §2.5.6): an address of one link, which a zone names. */
export function isIpv6LinkLocal(address: IpAddress): boolean {
  const bytes = addressBytes(address);
  return bytes.length === 16 && bytes[0] === 0xfe && bytes[1]! >> 6 === 2;
}

/** The limited broadcast address 255.255.255.255 (RFC 1122 §3.2.1.3). */
export function isBroadcast(address: IpAddress): boolean {
  return address === '255.255.255.255';
}

/**
 * Whether `text` may be the name of a host (RFC 1123 §2.1): labels of letters, digits and hyphens, the last one with a letter in front.
 * Addresses are none.
 */
export function looksLikeHostName(text: string): boolean {
  if (text.length > 253 || !/^[A-Za-z0-9.-]+$/.test(text)) return false;
  const labels = text.replace(/\.$/, '').split('.');
  const last = labels.at(-1) ?? '';
  return labels.every((label) => /^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/.test(label)) && /^[A-Za-z]/.test(last);
}

/** A zone is an interface name: what Linux and BSD allow in one, and nothing that ends a word in setkey's language. */
const zonePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,14}$/;

/** Text from a user may be long; messages stay short. */
function shorten(text: string): string {
  return text.length <= 64 ? text : `${text.slice(0, 61)}...`;
}

function splitZone(text: string): [string, string | null] {
  const percent = text.indexOf('%');
  return percent < 0 ? [text, null] : [text.slice(0, percent), text.slice(percent + 1)];
}

function parseIpv4(text: string): Uint8Array | null {
  const parts = text.split('.');
  if (parts.length !== 4) return null;
  const bytes = new Uint8Array(4);
  for (const [index, part] of parts.entries()) {
    if (!/^(0|[1-9][0-9]{0,2})$/.test(part) || Number(part) > 255) return null;
    bytes[index] = Number(part);
  }
  return bytes;
}

/** RFC 4291 §2.2: eight groups, one `::` for one or more zero groups, the last two groups perhaps dotted decimal. */
function parseIpv6(text: string): Uint8Array | null {
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const [headText = '', tailText] = halves;
  const head = parseGroups(headText, tailText === undefined);
  const tail = tailText === undefined ? [] : parseGroups(tailText, true);
  if (head === null || tail === null) return null;
  const missing = 8 - head.length - tail.length;
  if (tailText === undefined ? missing !== 0 : missing < 1) return null;
  const bytes = new Uint8Array(16);
  for (const [index, group] of [...head, ...new Array<number>(missing).fill(0), ...tail].entries()) {
    bytes[index * 2] = group >>> 8;
    bytes[index * 2 + 1] = group;
  }
  return bytes;
}

function parseGroups(text: string, mayEndDotted: boolean): number[] | null {
  if (text === '') return [];
  const groups: number[] = [];
  const words = text.split(':');
  for (const [index, word] of words.entries()) {
    if (/^[0-9a-fA-F]{1,4}$/.test(word)) {
      groups.push(parseInt(word, 16));
      continue;
    }
    const dotted = mayEndDotted && index === words.length - 1 ? parseIpv4(word) : null;
    if (dotted === null) return null;
    groups.push((dotted[0]! << 8) | dotted[1]!, (dotted[2]! << 8) | dotted[3]!);
  }
  return groups;
}

function formatIpv4(bytes: Uint8Array, offset: number): string {
  return bytes.subarray(offset, offset + 4).join('.');
}

function formatIpv6(bytes: Uint8Array, offset: number): string {
  const groups: number[] = [];
  for (let index = 0; index < 8; index++) {
    groups.push((bytes[offset + index * 2]! << 8) | bytes[offset + index * 2 + 1]!);
  }
  if (groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0)) {
    return `::ffff:${formatIpv4(bytes, offset + 12)}`;
  }
  const [start, length] = longestZeroRun(groups);
  const words = groups.map((group) => group.toString(16));
  if (length < 2) return words.join(':');
  return `${words.slice(0, start).join(':')}::${words.slice(start + length).join(':')}`;
}

/** RFC 5952 §4.2.3: the longest run of zero groups, the first of equals. */
function longestZeroRun(groups: readonly number[]): [number, number] {
  let best: [number, number] = [0, 0];
  let start = 0;
  for (const [index, group] of groups.entries()) {
    if (group !== 0) start = index + 1;
    else if (index + 1 - start > best[1]) best = [start, index + 1 - start];
  }
  return best;
}
