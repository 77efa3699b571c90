/**
 * Reads the endpoints of a policy's rule: `A-B`, `A[port]-B[port]`, `me-any`, `any-me`, with or without white space around
 * the dash (ipsec_set_policy(3)). A zone may hold dashes itself (`fe80::1%br-lan`), so each dash is tried.
 * @module
 */
import type { IpAddress } from '#core/ip/address.ts';
import type { PolicyRule } from '#core/setkey/syntax.ts';
import { readPort, tryAddress } from './endpoint-parser.ts';
import type { TokenReader } from './token-reader.ts';

type Endpoints = NonNullable<PolicyRule['endpoints']>;
type Side = { readonly address: IpAddress | 'me' | 'any'; readonly port: number };

/** Two IPv6 addresses, written at their longest with zones, and the dash: no longer word is tried dash by dash. */
const longestPair = 2 * (45 + 16) + 1;

const expected = 'endpoints: two addresses with "-" between, or nothing';

/** The endpoints at the reader. @throws {IpsecError} `SETKEY_SYNTAX`. */
export function readRuleEndpoints(reader: TokenReader): Endpoints {
  const { text } = reader.peek();
  const pair = splitPair(text);
  if (pair !== null) {
    reader.next();
    return typeof pair === 'string' ? pair : { ...pair, destination: { ...pair.destination, port: readPort(reader) } };
  }
  const source = toSide(text) ?? toSide(text.replace(/-$/, ''));
  if (source === null) reader.fail(expected);
  reader.next();
  const needsDash = toSide(text) !== null;
  const mayHavePort = needsDash && source.address !== 'me' && source.address !== 'any';
  const near = { ...source, port: mayHavePort ? readPort(reader) : 0 };
  const isLone = needsDash && reader.isAtWord('-');
  if (isLone) reader.next();
  const { kind, text: word } = reader.peek();
  const isDashed = needsDash && !isLone;
  const far = kind === 'word' && (!isDashed || word.startsWith('-')) ? toSide(word.slice(isDashed ? 1 : 0)) : null;
  const endpoints = far === null ? null : join(near, far);
  if (endpoints === null) reader.fail(expected);
  reader.next();
  if (typeof endpoints === 'string') return endpoints;
  return { ...endpoints, destination: { ...endpoints.destination, port: readPort(reader) } };
}

/** Both ends of a word that holds both. */
function splitPair(text: string): Endpoints | null {
  if (text.length > longestPair) return null;
  for (let dash = text.indexOf('-'); dash >= 0; dash = text.indexOf('-', dash + 1)) {
    const source = toSide(text.slice(0, dash));
    const destination = toSide(text.slice(dash + 1));
    const pair = source === null || destination === null ? null : join(source, destination);
    if (pair !== null) return pair;
  }
  return null;
}

function toSide(text: string): Side | null {
  const address = text === 'me' || text === 'any' ? text : tryAddress(text);
  return address === null ? null : { address, port: 0 };
}

function join(source: Side, destination: Side): Endpoints | null {
  if (source.address === 'me') return destination.address === 'any' ? 'me-any' : null;
  if (source.address === 'any') return destination.address === 'me' ? 'any-me' : null;
  if (destination.address === 'me' || destination.address === 'any') return null;
  const { address, port } = source;
  return { source: { address, port }, destination: { address: destination.address, port: 0 } };
}
