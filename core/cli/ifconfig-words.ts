/**
 * The words of `ifconfig ipsecN …` to actions, left to right as BSD's ifconfig(8) works them off. Every word is read
 * before the first action happens, so a line with a wrong word changes nothing.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import { addressFamily, addressZone, isMulticast, parseIpAddress, type IpAddress } from '#core/ip/address.ts';
import { nearestWord } from '#core/setkey/nearest-word.ts';
import { parsePort } from '#core/setkey/protocol-name.ts';

/** Names of the flags that a word sets and `-word` clears. */
export type UserFlag = 'link0' | 'link1' | 'link2' | 'unnumbered';

/** One thing to do. */
export type IfconfigAction =
  | { readonly kind: 'create' | 'destroy' | 'deletetunnel' }
  | { readonly kind: 'up'; readonly isUp: boolean }
  | { readonly kind: 'flag'; readonly flag: UserFlag; readonly isSet: boolean }
  | { readonly kind: 'mtu'; readonly mtu: number }
  | {
      readonly kind: 'tunnel';
      readonly local: IpAddress;
      readonly peer: IpAddress;
      readonly localPort: number;
      readonly peerPort: number;
    }
  | {
      readonly kind: 'address';
      readonly address: IpAddress;
      readonly prefixLength: number;
      readonly peer: IpAddress | null;
    }
  | { readonly kind: 'delete'; readonly address: IpAddress };

/** Every word that an interface's name may be followed by. */
const ifconfigWords = [
  ...['create', 'destroy', 'up', 'down', 'tunnel', 'deletetunnel', 'inet', 'inet6', 'alias', '-alias', 'delete', 'mtu'],
  ...['link0', '-link0', 'link1', '-link1', 'link2', '-link2', 'unnumbered', '-unnumbered', 'prefixlen', 'netmask'],
] as const;

/** Read the words behind an interface's name. @throws {IpsecError} `IFCONFIG_WORD`, `ADDRESS_*`, `PREFIX_SYNTAX`, `PORT_RANGE`, `INTERFACE_MTU`. */
export function parseIfconfigWords(words: readonly string[]): IfconfigAction[] {
  const reader = new WordReader(words);
  const actions: IfconfigAction[] = [];
  while (!reader.isAtEnd()) actions.push(readAction(reader));
  return actions;
}

class WordReader {
  readonly #words: readonly string[];
  #index: number;

  constructor(words: readonly string[]) {
    this.#words = words;
    this.#index = 0;
  }

  isAtEnd(): boolean {
    return this.#index >= this.#words.length;
  }

  peek(): string {
    return this.#words[this.#index] ?? '';
  }

  take(what: string, after: string): string {
    const word = this.#words[this.#index];
    if (word === undefined) throw new IpsecError('IFCONFIG_WORD', `"${after}" needs ${what}`, { word: after });
    this.#index++;
    return word;
  }
}

function readAction(reader: WordReader): IfconfigAction {
  const word = reader.take('a word', 'ifconfig');
  switch (word) {
    case 'create':
    case 'destroy':
    case 'deletetunnel':
      return { kind: word };
    case 'up':
    case 'down':
      return { kind: 'up', isUp: word === 'up' };
    case 'link0':
    case 'link1':
    case 'link2':
    case 'unnumbered':
      return { kind: 'flag', flag: word, isSet: true };
    case '-link0':
    case '-link1':
    case '-link2':
    case '-unnumbered':
      return { kind: 'flag', flag: word.slice(1) as UserFlag, isSet: false };
    case 'mtu':
      return { kind: 'mtu', mtu: readMtu(reader.take('a number', word)) };
    case 'tunnel':
      return readTunnel(reader, null);
    case 'delete':
    case '-alias':
      return { kind: 'delete', address: readAddress(reader.take('an address', word), null) };
    case 'inet':
      return readFamily(reader, 4, word);
    case 'inet6':
      return readFamily(reader, 6, word);
    default:
      if (/^[0-9a-fA-F.:]+(%[^/]*)?(\/.*)?$/.test(word) && /[.:]/.test(word)) return readInner(reader, word, null);
      return refuseWord(word);
  }
}

/** What follows `inet` or `inet6`: `tunnel`, `delete ADDRESS`, or an address. */
function readFamily(reader: WordReader, family: 4 | 6, word: string): IfconfigAction {
  const next = reader.take('an address', word);
  if (next === 'tunnel') return readTunnel(reader, family);
  if (next === 'delete' || next === '-alias') {
    return { kind: 'delete', address: readAddress(reader.take('an address', next), family) };
  }
  return readInner(reader, next === 'alias' ? reader.take('an address', next) : next, family);
}

/** `A[/len] [PEER] [prefixlen N] [netmask M] [alias | delete]`. */
function readInner(reader: WordReader, first: string, family: 4 | 6 | null): IfconfigAction {
  const [addressText = '', lengthText] = first.split('/', 2);
  const address = readAddress(addressText, family);
  const bits = addressFamily(address) === 4 ? 32 : 128;
  let prefixLength = lengthText === undefined ? bits : readLength(lengthText, bits);
  const peer = isAddress(reader.peek()) ? readPeer(reader.take('an address', first), address) : null;
  for (;;) {
    if (reader.peek() === 'prefixlen') {
      reader.take('prefixlen', first);
      prefixLength = readLength(reader.take('a length', 'prefixlen'), bits);
    } else if (reader.peek() === 'netmask') {
      reader.take('netmask', first);
      prefixLength = readNetmask(reader.take('a mask', 'netmask'));
    } else if (reader.peek() === 'alias') {
      reader.take('alias', first);
    } else if (reader.peek() === '-alias' || reader.peek() === 'delete') {
      reader.take('delete', first);
      return { kind: 'delete', address };
    } else {
      return { kind: 'address', address, prefixLength, peer };
    }
  }
}

function readTunnel(reader: WordReader, family: 4 | 6 | null): IfconfigAction {
  const local = readOuter(reader.take('two addresses', 'tunnel'), family);
  const peer = readOuter(reader.take('two addresses', 'tunnel'), family);
  if (addressFamily(local.address) !== addressFamily(peer.address)) {
    throw new IpsecError('ADDRESS_FAMILY_MIXED', 'source and destination address families do not match', {
      field: 'tunnel',
    });
  }
  if (addressFamily(local.address) === 6) checkIpv6Pair(local.address, peer.address);
  return { kind: 'tunnel', local: local.address, peer: peer.address, localPort: local.port, peerPort: peer.port };
}

/** What ifconfig itself refuses, before the kernel sees it (NetBSD's sbin/ifconfig/tunnel.c). */
function checkIpv6Pair(local: IpAddress, peer: IpAddress): void {
  if (addressZone(local) !== addressZone(peer)) {
    throw new IpsecError('ADDRESS_FAMILY_MIXED', 'scope mismatch', { field: 'tunnel' });
  }
  if (isMulticast(local)) throw new IpsecError('ADDRESS_UNUSABLE', 'tunnel src is multicast', { field: 'tunnel' });
  if (isMulticast(peer)) throw new IpsecError('ADDRESS_UNUSABLE', 'tunnel dst is multicast', { field: 'tunnel' });
}

/** `A[,port]`. */
function readOuter(word: string, family: 4 | 6 | null): { readonly address: IpAddress; readonly port: number } {
  const [addressText = '', portText] = word.split(',', 2);
  const address = readAddress(addressText, family);
  if (portText === undefined) return { address, port: 0 };
  const port = parsePort(portText);
  if (port === null || port === 0) {
    throw new IpsecError('PORT_RANGE', `"${portText}" is not a port from 1 to 65535`, { field: 'port' });
  }
  return { address, port };
}

function readAddress(text: string, family: 4 | 6 | null): IpAddress {
  const address = parseIpAddress(text);
  if (family !== null && addressFamily(address) !== family) {
    throw new IpsecError('ADDRESS_SYNTAX', `${address} is not an IPv${family} address`, { field: 'address' });
  }
  return address;
}

function readPeer(text: string, address: IpAddress): IpAddress {
  const peer = parseIpAddress(text);
  if (addressFamily(peer) === addressFamily(address)) return peer;
  throw new IpsecError('ADDRESS_FAMILY_MIXED', `${address} and ${peer} are of different families`, { field: 'peer' });
}

function isAddress(text: string): boolean {
  try {
    parseIpAddress(text);
    return true;
  } catch (error) {
    if (error instanceof IpsecError) return false;
    throw error;
  }
}

function readLength(text: string, bits: number): number {
  if (/^[0-9]{1,3}$/.test(text) && Number(text) <= bits) return Number(text);
  throw new IpsecError('PREFIX_SYNTAX', `prefix length "${text}" is not a number from 0 to ${bits}`, {
    field: 'prefixlen',
  });
}

function readNetmask(text: string): number {
  const mask = isAddress(text) ? text.split('.').reduce((value, part) => value * 256 + Number(part), 0) : Number(text);
  const bits = Number.isInteger(mask) && mask <= 0xffffffff ? (mask >>> 0).toString(2).padStart(32, '0') : '';
  if (/^1*0*$/.test(bits) && bits.length === 32) return bits.replaceAll('0', '').length;
  throw new IpsecError('PREFIX_SYNTAX', `"${text}" is not a netmask`, { field: 'netmask' });
}

function readMtu(text: string): number {
  if (/^[0-9]{1,6}$/.test(text)) return Number(text);
  throw new IpsecError('INTERFACE_MTU', `mtu "${text}" is not a number`, { field: 'mtu' });
}

function refuseWord(word: string): never {
  const nearest = nearestWord(word, ifconfigWords);
  const suggestion = nearest === null ? '' : `; did you mean "${nearest}"?`;
  throw new IpsecError('IFCONFIG_WORD', `unknown word "${word.slice(0, 40)}"${suggestion}`, {
    word: word.slice(0, 40),
  });
}
