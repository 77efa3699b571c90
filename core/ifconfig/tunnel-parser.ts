/**
 * `tunnel SRC[,PORT] DST[,PORT]`, with the checks that ifconfig(8) makes itself before the kernel sees the addresses
 * (NetBSD's sbin/ifconfig/tunnel.c). Addresses are numbers only: no name is looked up. Port 0 is none, as there.
 * @module
 */
import {
  addressFamily,
  addressZone,
  isMulticast,
  looksLikeHostName,
  parseIpAddress,
  type AddressFamily,
  type IpAddress,
} from '#core/ip/address.ts';
import { parsePort } from '#core/setkey/protocol-name.ts';
import type { InterfaceChange, Position } from './syntax.ts';
import { atWord, refuse, showWord, type Word, type WordReader } from './word-reader.ts';

type Outer = { readonly address: IpAddress; readonly port: number };

/**
 * Read what follows `tunnel`; `family` is what stood before it.
 * @throws {IpsecError} `IFCONFIG_WORD`, `ADDRESS_*`, `PORT_RANGE`, with the position.
 */
export function readTunnel(reader: WordReader, family: AddressFamily | null): InterfaceChange {
  const localWord = reader.take('two addresses', 'tunnel');
  const local = readOuter(localWord, family);
  const peerWord = reader.take('two addresses', 'tunnel');
  const peer = readOuter(peerWord, family);
  if (addressFamily(local.address) !== addressFamily(peer.address)) {
    const message = 'source and destination address families do not match';
    throw refuse('ADDRESS_FAMILY_MIXED', message, peerWord.position, { field: 'tunnel' });
  }
  if (addressFamily(local.address) === 6) {
    checkIpv6Pair(local.address, peer.address, localWord.position, peerWord.position);
  }
  return { kind: 'tunnel', local: local.address, peer: peer.address, localPort: local.port, peerPort: peer.port };
}

function checkIpv6Pair(local: IpAddress, peer: IpAddress, localPosition: Position, peerPosition: Position): void {
  const field = 'tunnel';
  if (addressZone(local) !== addressZone(peer)) {
    throw refuse('ADDRESS_FAMILY_MIXED', 'scope mismatch', peerPosition, { field });
  }
  if (isMulticast(local)) throw refuse('ADDRESS_UNUSABLE', 'tunnel src is multicast', localPosition, { field });
  if (isMulticast(peer)) throw refuse('ADDRESS_UNUSABLE', 'tunnel dst is multicast', peerPosition, { field });
}

function readOuter(word: Word, family: AddressFamily | null): Outer {
  const comma = word.text.indexOf(',');
  const addressText = comma < 0 ? word.text : word.text.slice(0, comma);
  const address = readAddress({ ...word, text: addressText }, family);
  if (comma < 0) return { address, port: 0 };
  const portText = word.text.slice(comma + 1);
  const port = parsePort(portText);
  if (port !== null) return { address, port };
  const position = { line: word.position.line, column: word.position.column + comma + 1 };
  throw refuse('PORT_RANGE', `"${showWord(portText)}" is not a port from 0 to 65535`, position, { field: 'port' });
}

/** An address, of `family` where that is given. @throws {IpsecError} `ADDRESS_SYNTAX` or `ADDRESS_NAME`, with the position. */
export function readAddress(word: Word, family: AddressFamily | null): IpAddress {
  if (looksLikeHostName(word.text)) {
    const message = `"${showWord(word.text)}" is a name, and names are not looked up`;
    throw refuse('ADDRESS_NAME', message, word.position, { field: 'address' });
  }
  const address = atWord(word, () => parseIpAddress(word.text));
  if (family === null || addressFamily(address) === family) return address;
  const message = `${address} is not an IPv${family} address`;
  throw refuse('ADDRESS_SYNTAX', message, word.position, { field: 'address' });
}
