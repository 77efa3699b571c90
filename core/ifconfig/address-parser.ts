/**
 * Inner addresses in ifconfig(8)'s ways: `A[/len] [PEER] [prefixlen N] [netmask M] [alias | -alias | delete]`.
 * A mask is dotted or one number, 0x in front or not; one with holes is refused.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import { addressFamily, parseIpAddress, type AddressFamily, type IpAddress } from '#core/ip/address.ts';
import type { InterfaceChange } from './syntax.ts';
import { readAddress } from './tunnel-parser.ts';
import { refuse, showWord, type Word, type WordReader } from './word-reader.ts';

/** Whether a word looks like an address, so that a wrong one is an address at fault and no unknown word. */
export function looksLikeAddress(text: string): boolean {
  return /^[0-9a-fA-F.:]+(%[^/]*)?(\/.*)?$/.test(text) && /[.:]/.test(text);
}

/** Read an address whose first word was taken. @throws {IpsecError} `ADDRESS_*`, `PREFIX_SYNTAX`, with the position. */
export function readInner(reader: WordReader, first: Word, family: AddressFamily | null): InterfaceChange {
  const slash = first.text.indexOf('/');
  const addressText = slash < 0 ? first.text : first.text.slice(0, slash);
  const address = readAddress({ ...first, text: addressText }, family);
  const bits = addressFamily(address) === 4 ? 32 : 128;
  let prefixLength = bits;
  if (slash >= 0) {
    const position = { line: first.position.line, column: first.position.column + slash + 1 };
    prefixLength = readLength({ text: first.text.slice(slash + 1), position }, bits);
  }
  const peer = isAddress(reader.peek()) ? readPeer(reader.take('an address', first.text), address) : null;
  for (;;) {
    const option = reader.takeIf('prefixlen', 'netmask', 'alias', '-alias', 'delete');
    if (option === 'prefixlen') prefixLength = readLength(reader.take('a length', option), bits);
    else if (option === 'netmask') prefixLength = readNetmask(reader.take('a mask', option), bits);
    else if (option === '-alias' || option === 'delete') return { kind: 'delete', address };
    else if (option === null) return { kind: 'address', address, prefixLength, peer };
  }
}

function readPeer(word: Word, address: IpAddress): IpAddress {
  const peer = readAddress(word, null);
  if (addressFamily(peer) === addressFamily(address)) return peer;
  const message = `${address} and ${peer} are of different families`;
  throw refuse('ADDRESS_FAMILY_MIXED', message, word.position, { field: 'peer' });
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

function readLength({ text, position }: Word, bits: number): number {
  if (/^[0-9]{1,3}$/.test(text) && Number(text) <= bits) return Number(text);
  const message = `prefix length "${showWord(text)}" is not a number from 0 to ${bits}`;
  throw refuse('PREFIX_SYNTAX', message, position, { field: 'prefixlen' });
}

function readNetmask({ text, position }: Word, bits: number): number {
  const isNumber = /^(0x[0-9a-fA-F]{1,8}|[0-9]{1,10})$/.test(text);
  const isDotted = /^[0-9.]+$/.test(text) && isAddress(text);
  const mask = isDotted ? text.split('.').reduce((value, part) => value * 256 + Number(part), 0) : Number(text);
  const binary = (isNumber || isDotted) && mask <= 0xffffffff ? mask.toString(2).padStart(32, '0') : '';
  if (bits === 32 && /^1*0*$/.test(binary) && binary.length === 32) return binary.replaceAll('0', '').length;
  throw refuse('PREFIX_SYNTAX', `"${showWord(text)}" is not a netmask`, position, { field: 'netmask' });
}
