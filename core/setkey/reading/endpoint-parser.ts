/**
 * Reads what association and policy statements share: look-up flags, addresses, prefixes, ports, security contexts.
 *
 * Addresses are numeric. Host names are not looked up: what a name means may change between the two gateways, and the
 * helper does no look-ups as root.
 * @module
 */
import { errorCatalog } from '#core/base/error-catalog.ts';
import { IpsecError } from '#core/base/error.ts';
import { addressFamily, looksLikeHostName, parseIpAddress, type IpAddress } from '#core/ip/address.ts';
import { hostPrefix, parsePrefix, type IpPrefix } from '#core/ip/prefix.ts';
import { parsePort, portWords } from '#core/setkey/protocol-name.ts';
import type { Endpoint, Lookup, SecurityContext, SelectorEnd } from '#core/setkey/syntax.ts';
import type { TokenReader } from './token-reader.ts';

/** `-4`, `-6`, `-n` and combinations. */
export function readLookup(reader: TokenReader): Lookup {
  let family: 4 | 6 | null = null;
  let isNumeric = false;
  while (reader.peek().kind === 'word' && /^-[46n]+$/.test(reader.peek().text)) {
    for (const flag of reader.next().text.slice(1)) {
      if (flag === 'n') isNumeric = true;
      else family = flag === '4' ? 4 : 6;
    }
  }
  return { family, isNumeric };
}

/** An address of the family that `lookup` asks for. @throws {IpsecError} `SETKEY_SYNTAX`. */
export function readAddress(reader: TokenReader, lookup: Lookup, role: string): IpAddress {
  const { kind, text, isSecret } = reader.peek();
  const address = kind === 'word' ? tryAddress(text) : null;
  if (address === null) {
    const isName = kind === 'word' && !isSecret && looksLikeHostName(text);
    const remedy = isName ? errorCatalog.ADDRESS_NAME.hint : null;
    reader.fail(`${role} (IPv4 or IPv6; names are not looked up)`, [], undefined, remedy);
  }
  if (lookup.family !== null && addressFamily(address) !== lookup.family) {
    reader.fail(`${role} of IPv${lookup.family} (flag -${lookup.family})`);
  }
  reader.next();
  return address;
}

/** `ADDRESS[port]`. @throws {IpsecError} `SETKEY_SYNTAX`. */
export function readEndpoint(reader: TokenReader, lookup: Lookup, role: string): Endpoint {
  const address = readAddress(reader, lookup, role);
  return { address, port: readPort(reader) };
}

/** `ADDRESS/length[port]`. @throws {IpsecError} `SETKEY_SYNTAX`. */
export function readSelectorEnd(reader: TokenReader, lookup: Lookup, role: string): SelectorEnd {
  const address = readAddress(reader, lookup, role);
  const prefix = reader.takeMark('/') ? readPrefixLength(reader, address) : hostPrefix(address);
  return { prefix, port: readPort(reader) };
}

/** The address that `text` spells, or null. */
export function tryAddress(text: string): IpAddress | null {
  try {
    return parseIpAddress(text);
  } catch (error) {
    if (error instanceof IpsecError) return null;
    throw error;
  }
}

/** `[port]`, `[any]`, `[service]`, or nothing: 0. @throws {IpsecError} `SETKEY_SYNTAX`. */
export function readPort(reader: TokenReader): number {
  if (!reader.takeMark('[')) return 0;
  const token = reader.peek();
  const port = token.kind === 'word' ? parsePort(token.text) : null;
  if (port === null) reader.fail('a port from 0 to 65535, "any" or the name of a service', portWords);
  reader.next();
  reader.expectMark(']');
  return port;
}

/** What follows `-ctx`: DOI, algorithm, string. @throws {IpsecError} `SETKEY_SYNTAX`. */
export function readSecurityContext(reader: TokenReader): SecurityContext {
  const position = reader.position();
  const doi = reader.decimal('the number of a domain of interpretation', 0xffff);
  const algorithm = reader.decimal('the number of a security algorithm', 0xffff);
  const token = reader.peek();
  if (token.kind !== 'string') reader.fail('a security context in quotes');
  reader.next();
  return { doi, algorithm, text: token.text, position };
}

function readPrefixLength(reader: TokenReader, address: IpAddress): IpPrefix {
  const limit = addressFamily(address) === 4 ? 32 : 128;
  const expected = `a prefix length from 0 to ${limit}`;
  const length = reader.decimal(expected, limit);
  return parsePrefix(`${address}/${length}`);
}
