/**
 * What a new draft begins with where the machine is known: a free interface, inner addresses that nothing here uses,
 * and random SPIs. Suggestions, all of them: a person may write anything else.
 * @module
 */
import { formatSpi } from '#core/base/spi-text.ts';
import type { Random } from '#core/base/port.ts';
import { parseIpAddress } from '#core/ip/address.ts';
import { parsePrefix, prefixContains, type IpPrefix } from '#core/ip/prefix.ts';
import { generatePairs } from '#core/profile/manual-keys.ts';
import { emptyDraft, type Draft } from './draft.ts';
import { recommendedChoice } from './suite-choice.ts';

/** What is taken on this machine. */
export type Taken = {
  readonly interfaces: readonly string[];
  readonly spis: readonly number[];
  /** Networks of devices, routes and other tunnels. */
  readonly prefixes: readonly string[];
};

/** A fresh draft. */
export function suggestDraft(taken: Taken, random: Random): Draft {
  const [own, peer] = suggestInner(taken.prefixes);
  const site = suggestSite(random);
  return {
    ...emptyDraft,
    interface: suggestInterface(taken.interfaces),
    suite: recommendedChoice,
    inner: own,
    innerPeer: peer,
    inner6: `${site}::1`,
    innerPeer6: `${site}::2`,
    ...suggestSpis(taken.spis, random),
  };
}

/** Four SPIs that nothing uses. */
export function suggestSpis(
  used: readonly number[],
  random: Random,
): Pick<Draft, 'spiOut' | 'spiIn' | 'spiOut6' | 'spiIn6'> {
  const pairs = generatePairs({ link0: false, link2: true }, random, (spi) => used.includes(spi));
  const text = (spi = 0): string => formatSpi(spi);
  const [first, second] = pairs;
  return {
    ...{ spiOut: text(first?.spiOut), spiIn: text(first?.spiIn) },
    ...{ spiOut6: text(second?.spiOut), spiIn6: text(second?.spiIn) },
  };
}

/** The first `ipsecN` that is neither there nor saved. */
export function suggestInterface(taken: readonly string[]): string {
  let unit = 0;
  while (taken.includes(`ipsec${unit}`)) unit += 1;
  return `ipsec${unit}`;
}

/** A pair of 10.99.N.0/24 that lies in none of `prefixes`; the default route is no reason against it. */
export function suggestInner(prefixes: readonly string[]): readonly [own: string, peer: string] {
  const used = prefixes.flatMap((text) => read(text)).filter((prefix) => !prefix.endsWith('/0'));
  for (let third = 0; third < 256; third++) {
    const own = parseIpAddress(`10.99.${third}.1`);
    const around = parsePrefix(`10.99.${third}.0/24`);
    const isUsed = used.some(
      (prefix) => prefixContains(prefix, own) || prefixContains(around, parseIpAddress(prefix.split('/')[0] ?? '')),
    );
    if (!isUsed) return [own, `10.99.${third}.2`];
  }
  return ['', ''];
}

/** The first three words of unique local addresses (RFC 4193 §3.2): 40 random bits behind fd. */
function suggestSite(random: Random): string {
  const bytes = new Uint8Array(5);
  random.fill(bytes);
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `fd${digits.slice(0, 2)}:${digits.slice(2, 6)}:${digits.slice(6)}`;
}

function read(text: string): IpPrefix[] {
  try {
    return [parsePrefix(text)];
  } catch {
    return [];
  }
}
