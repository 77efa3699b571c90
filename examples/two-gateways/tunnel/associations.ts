/**
 * The security associations of the demo as setkey(8) text, with keys that are fresh in every run: AES-GCM counts its
 * IVs up from the association's start, so a key must never serve twice (RFC 4106 §2).
 *
 * Plain ESP takes one association for each direction and inner IP version, tied to the interface's policies by `-u`.
 * Under NAT-T (link0) the policies have no id, and one association for each direction carries both versions.
 * @module
 */
import { randomBytes, randomInt } from 'node:crypto';
import { natTPort } from '#core/esp/udp-encapsulation.ts';
import type { Family } from './addresses.ts';

/** Ids of an interface's policies, from setkey -DP. */
export type PolicyIds = {
  readonly in4: number;
  readonly out4: number;
  readonly in6: number;
  readonly out6: number;
};

/** One association, as both gateways must know it. */
export type DemoAssociation = {
  readonly from: 'a' | 'b';
  /** Inner IP version that it is for, or null for both. */
  readonly inner: Family | null;
  readonly spi: number;
  /** 0x and 72 hex digits: 256 bits of key and the 32-bit salt. */
  readonly key: string;
};

/** The outer pair. */
export type OuterPair = { readonly a: string; readonly b: string };

const keyBytes = 32;
const saltBytes = 4;
/** In groups of eight packets: a window of 256. */
const replayBytes = 32;
const firstSpi = 0x1000;
const lastSpi = 0x7fffffff;

/** Draw the associations of one run. */
export function drawAssociations(isNatT: boolean): DemoAssociation[] {
  const inners: readonly (Family | null)[] = isNatT ? [null] : [4, 6];
  const spis = new Set<number>();
  return inners.flatMap((inner) =>
    (['a', 'b'] as const).map((from) => ({ from, inner, spi: drawSpi(spis), key: drawKey() })),
  );
}

/** The text for one gateway's setkey -f. `ids` are that gateway's policy ids; null under NAT-T. */
export function setkeyText(
  gateway: 'a' | 'b',
  associations: readonly DemoAssociation[],
  outer: OuterPair,
  ids: PolicyIds | null,
): string {
  const lines = associations.map((association) => {
    const { from, inner, spi, key } = association;
    const port = ids === null ? ` [${natTPort}]` : '';
    const pair = from === 'a' ? [outer.a, outer.b] : [outer.b, outer.a];
    const head = `add ${pair[0]}${port} ${pair[1]}${port} ${ids === null ? 'esp-udp' : 'esp'} 0x${spi.toString(16)}`;
    const unique = ids === null || inner === null ? '' : ` -u ${ids[`${from === gateway ? 'out' : 'in'}${inner}`]}`;
    return `${head} -m transport${unique} -r ${replayBytes} -E aes-gcm-16 ${key};`;
  });
  return `${lines.join('\n')}\n`;
}

/** Read the ids of an interface's policies from the text of setkey -DP. @throws Error when one is missing. */
export function parsePolicyIds(dump: string): PolicyIds {
  const found = new Map<string, number>();
  for (const match of dump.matchAll(/\((ipv[46])\)\s+(in|out) ipsec\s+esp\/transport\/\/unique#(\d+)/g)) {
    found.set(`${match[2]}${match[1]?.slice(-1)}`, Number(match[3]));
  }
  const id = (name: keyof PolicyIds): number => {
    const value = found.get(name);
    if (value === undefined) throw new Error(`setkey -DP shows no policy "${name}" with a unique id`);
    return value;
  };
  return { in4: id('in4'), out4: id('out4'), in6: id('in6'), out6: id('out6') };
}

/** How many entries a text of setkey -D or -DP has. */
export function countEntries(dump: string, what: 'associations' | 'policies'): number {
  return [...dump.matchAll(what === 'policies' ? /^\s+spid=\d+/gm : /^\s+esp(-udp)? mode=/gm)].length;
}

function drawSpi(taken: Set<number>): number {
  const spi = randomInt(firstSpi, lastSpi);
  if (taken.has(spi)) return drawSpi(taken);
  taken.add(spi);
  return spi;
}

function drawKey(): string {
  return `0x${randomBytes(keyBytes + saltBytes).toString('hex')}`;
}
