/**
 * From a draft to the profile that it stands for, and what is wrong with it, field by field: the profile's own schema
 * and checks judge it, so what is taken here is taken by the helper.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import { checkProfile } from '#core/profile/profile-check.ts';
import { generateSecrets } from '#core/profile/manual-keys.ts';
import { parseProfile } from '#core/profile/stored-profile.ts';
import type { Profile, ProfileInput } from '#core/profile/profile.ts';
import type { Draft, DraftField } from './draft.ts';
import { findSuite } from './suite-choice.ts';

/** What is wrong with a field: the profile's words, and what helps. */
export type DraftFault = { readonly field: DraftField; readonly message: string; readonly hint: string };

/** The profile of a draft, or the first thing that is wrong with it. */
export type DraftReading =
  { readonly profile: Profile; readonly fault: null } | { readonly profile: null; readonly fault: DraftFault };

/** Of the fields' units. */
export const secondsPerDay = 86_400;
/** Of the fields' units. */
export const bytesPerGib = 1024 ** 3;

/** Part of a lifetime after which bytes are "soon spent". */
const softShare = 0.9;

/** Read a draft. */
export function readDraft(draft: Draft): DraftReading {
  try {
    const profile = parseProfile(toProfileInput(draft));
    // Only the lengths of keys matter here: the helper makes the real ones.
    const stand = generateSecrets(profile.keys, {
      fill: (out) => void out.forEach((_, index) => (out[index] = index)),
    });
    checkProfile(profile, stand);
    return { profile, fault: null };
  } catch (error) {
    if (!(error instanceof IpsecError)) throw error;
    const path = typeof error.details['field'] === 'string' ? error.details['field'] : '';
    const message = error.message.startsWith(`${path}: `) ? error.message.slice(path.length + 2) : error.message;
    return { profile: null, fault: { field: draftFieldOf(path, draft), message, hint: error.hint } };
  }
}

/** A draft in the profile's shape, unchecked. */
export function toProfileInput(draft: Draft): ProfileInput {
  const { purpose, natT } = draft;
  return {
    name: draft.name.trim(),
    interface: draft.interface.trim(),
    local: { host: draft.localHost.trim(), port: natT ? toNumber(draft.localPort) : 0 },
    peer: { host: draft.peerHost.trim(), port: natT ? toNumber(draft.peerPort) : 0 },
    flags: { link0: natT, link1: draft.link1, link2: draft.carriesIpv6 },
    mtu: toNumber(draft.mtu),
    addresses: innerAddressesOf(draft),
    routes: listOf(draft.routes),
    networks: purpose === 'computer' ? [] : listOf(draft.networks),
    keys: keysOf(draft),
    failClosed: draft.failClosed,
    startup: draft.startsWithHelper ? 'up' : 'manual',
  };
}

/** The field of the form that a path into the profile is shown at. */
export function draftFieldOf(path: string, draft: Pick<Draft, 'inner'>): DraftField {
  const rows: readonly (readonly [RegExp, DraftField])[] = [
    [/^name/, 'name'],
    [/^interface/, 'interface'],
    [/^local\.port|^localPort/, 'localPort'],
    [/^peer\.port|^peerPort/, 'peerPort'],
    [/^local/, 'localHost'],
    [/^peer/, 'peerHost'],
    [/^mtu/, 'mtu'],
    [/^addresses\.0\.peer/, draft.inner.trim() === '' ? 'innerPeer6' : 'innerPeer'],
    [/^addresses\.1\.peer/, 'innerPeer6'],
    [/^addresses\.1/, 'inner6'],
    [/^addresses/, draft.inner.trim() === '' ? 'inner6' : 'inner'],
    [/^routes/, 'routes'],
    [/^networks/, 'networks'],
    [/^failClosed/, 'failClosed'],
    [/^keys\.(soft|hard)|^keys\.field/, 'lifeDays'],
    [/^keys\.pairs\.1\.spiIn/, 'spiIn6'],
    [/^keys\.pairs\.1/, 'spiOut6'],
    [/^keys\.pairs\.0\.spiIn/, 'spiIn'],
    [/^keys/, 'spiOut'],
  ];
  return rows.find(([pattern]) => pattern.test(path))?.[1] ?? 'peerHost';
}

/** Prefixes or addresses that stand one a line, or with commas or blanks. */
export function listOf(text: string): string[] {
  return text.split(/[\s,;]+/).filter((part) => part !== '');
}

/** An SPI as typed, decimal or `0x…`; not a number where it is none. */
export function toSpi(text: string): number {
  const word = text.trim();
  return /^(0x[0-9a-f]{1,8}|[0-9]{1,10})$/i.test(word) ? Number(word) : NaN;
}

function keysOf(draft: Draft): ProfileInput['keys'] {
  const { encryption, integrity } = findSuite(draft.suite);
  const first = { carries: draft.natT ? ('any' as const) : ('ipv4' as const), ...pairOf(draft.spiOut, draft.spiIn) };
  const second = { carries: 'ipv6' as const, ...pairOf(draft.spiOut6, draft.spiIn6) };
  return {
    kind: 'manual',
    ...{ encryption, integrity },
    pairs: hasSecondPair(draft) ? [first, second] : [first],
    ...lifetimesOf(draft),
  };
}

/** Whether IPv6 inside has associations of its own: it does unless ESP goes in UDP (if_ipsec.c). */
export function hasSecondPair({ natT, carriesIpv6 }: Pick<Draft, 'natT' | 'carriesIpv6'>): boolean {
  return carriesIpv6 && !natT;
}

function pairOf(out: string, into: string): { spiOut: number; spiIn: number } {
  return { spiOut: toSpi(out), spiIn: toSpi(into) };
}

/** The reminder is the soft lifetime; without an end there is none. */
function lifetimesOf({ lifeDays, lifeGib, remindDays }: Draft): Pick<ProfileInput['keys'], 'soft' | 'hard'> {
  const hardSeconds = Math.round(toNumber(lifeDays) * secondsPerDay);
  const hardBytes = Math.round(toNumber(lifeGib) * bytesPerGib);
  const softSeconds = hardSeconds - Math.round(toNumber(remindDays) * secondsPerDay);
  return {
    hard: { addSeconds: hardSeconds, bytes: hardBytes },
    soft: { addSeconds: hardSeconds === 0 ? 0 : softSeconds, bytes: Math.floor(hardBytes * softShare) },
  };
}

function innerAddressesOf(draft: Draft): NonNullable<ProfileInput['addresses']> {
  const ends = [
    [draft.inner.trim(), draft.innerPeer.trim(), 32],
    [draft.carriesIpv6 ? draft.inner6.trim() : '', draft.innerPeer6.trim(), 128],
  ] as const;
  return ends
    .filter(([address]) => address !== '')
    .map(([text, peer, whole]) => {
      const [address = '', length] = text.split('/');
      return {
        address,
        prefixLength: length === undefined ? whole : toNumber(length),
        peer: peer === '' ? null : peer,
      };
    });
}

/** Empty is 0; what is no number stays none, and the schema says so. */
function toNumber(text: string): number {
  const word = text.trim();
  return word === '' ? 0 : Number(word);
}
