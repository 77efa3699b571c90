/**
 * Everything that is wrong with a draft, each at its field: first what a field says by itself, then, with stand-ins
 * for those that are wrong, what the profile's own checks say of all of them together.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import { longestSeconds } from '#core/base/longest-seconds.ts';
import { parseIpAddress } from '#core/ip/address.ts';
import { parsePrefix } from '#core/ip/prefix.ts';
import { parseEndpointHost } from '#core/profile/endpoint.ts';
import { profileNameSchema } from '#core/profile/profile.ts';
import { bytesPerGib, hasSecondPair, listOf, readDraft, secondsPerDay, toSpi } from './draft-profile.ts';
import type { Draft, DraftField } from './draft.ts';

/** What a field can say by itself; each has its words in text/wizard.ts. */
type FaultWord =
  | 'nameEmpty'
  | 'nameShape'
  | 'peerEmpty'
  | 'peerAuto'
  | 'peerIsHere'
  | 'host'
  | 'port'
  | 'spi'
  | 'number'
  | 'days'
  | 'gib'
  | 'remind'
  | 'innerNeeded'
  | 'inner'
  | 'innerPeer'
  | 'prefix'
  | 'needsIpv6';

/** What is wrong: a word of ours with the text at fault, or the profile's own message. */
export type Fault =
  | { readonly word: FaultWord; readonly text: string }
  | { readonly word: null; readonly message: string; readonly hint: string };

/** Faults by field. */
export type Faults = ReadonlyMap<DraftField, Fault>;

const mostDays = longestSeconds / secondsPerDay;
/** A whole number of them, below what is counted exactly. */
const mostGib = Math.floor(Number.MAX_SAFE_INTEGER / bytesPerGib);

/** Values that pass every check, for fields that do not. */
const standIns: Partial<Draft> = {
  name: 'x',
  localHost: 'auto',
  peerHost: '192.0.2.1',
  localPort: '4500',
  peerPort: '4500',
  spiOut: '0x100',
  spiIn: '0x101',
  spiOut6: '0x102',
  spiIn6: '0x103',
  lifeDays: '0',
  lifeGib: '0',
  remindDays: '0',
  inner: '',
  innerPeer: '',
  inner6: '',
  innerPeer6: '',
  routes: '',
  networks: '',
  mtu: '1280',
};

/** All faults of a draft. */
export function draftFaults(draft: Draft): Faults {
  const faults = new Map<DraftField, Fault>();
  for (const [field, judge] of judges) {
    const fault = judge(draft);
    if (fault !== null) faults.set(field, fault);
  }
  const stood = { ...draft };
  for (const field of faults.keys()) Object.assign(stood, { [field]: standIns[field] });
  // Without an address of ours the other's has nothing to belong to.
  if (stood.inner === '') stood.innerPeer = '';
  if (stood.inner6 === '') stood.innerPeer6 = '';
  if (!hasLifetime(stood)) stood.remindDays = '0';
  const { fault } = readDraft(stood);
  if (fault !== null && !faults.has(fault.field)) {
    faults.set(fault.field, { word: null, message: fault.message, hint: fault.hint });
  }
  return faults;
}

type Judge = (draft: Draft) => Fault | null;

const judges: readonly (readonly [DraftField, Judge])[] = [
  ['name', ({ name }) => (name.trim() === '' ? own('nameEmpty', '') : nameFault(name))],
  ['localHost', ({ localHost }) => hostFault(localHost)],
  [
    'peerHost',
    ({ peerHost, localHost }) =>
      peerHost.trim() === localHost.trim() && peerHost !== 'auto' ? own('peerIsHere', peerHost) : peerFault(peerHost),
  ],
  ['ownHost', ({ ownHost }) => (ownHost.trim() === '' ? null : peerFault(ownHost))],
  ['localPort', ({ natT, localPort }) => (natT ? portFault(localPort) : null)],
  ['peerPort', ({ natT, peerPort }) => (natT ? portFault(peerPort) : null)],
  ['spiOut', ({ spiOut }) => spiFault(spiOut)],
  ['spiIn', ({ spiIn }) => spiFault(spiIn)],
  ['spiOut6', (draft) => (hasSecondPair(draft) ? spiFault(draft.spiOut6) : null)],
  ['spiIn6', (draft) => (hasSecondPair(draft) ? spiFault(draft.spiIn6) : null)],
  ['lifeDays', ({ lifeDays }) => numberFault(lifeDays) ?? limitFault('days', lifeDays, mostDays)],
  ['lifeGib', ({ lifeGib }) => numberFault(lifeGib) ?? limitFault('gib', lifeGib, mostGib)],
  ['remindDays', remindFault],
  ['inner', ({ inner, carriesIpv6 }) => (inner.trim() === '' && carriesIpv6 ? null : innerFault(inner, 4))],
  ['innerPeer', ({ innerPeer }) => (innerPeer.trim() === '' ? null : addressFault(innerPeer, 4))],
  ['inner6', ({ inner6, carriesIpv6 }) => (!carriesIpv6 || inner6.trim() === '' ? null : innerFault(inner6, 6))],
  ['innerPeer6', (draft) => (draft.carriesIpv6 && draft.innerPeer6 !== '' ? addressFault(draft.innerPeer6, 6) : null)],
  ['routes', ({ routes, carriesIpv6 }) => prefixFault(routes, carriesIpv6)],
  [
    'networks',
    ({ networks, purpose, carriesIpv6 }) => (purpose === 'computer' ? null : prefixFault(networks, carriesIpv6)),
  ],
  ['mtu', ({ mtu }) => numberFault(mtu)],
];

function own(word: FaultWord, text: string): Fault {
  return { word, text: text.trim().slice(0, 40) };
}

function nameFault(name: string): Fault | null {
  return profileNameSchema.safeParse(name.trim()).success ? null : own('nameShape', name);
}

function hostFault(host: string): Fault | null {
  return reads(() => parseEndpointHost(host.trim(), 'host')) ? null : own('host', host);
}

function peerFault(host: string): Fault | null {
  if (host.trim() === '') return own('peerEmpty', '');
  if (host.trim() === 'auto') return own('peerAuto', host);
  return hostFault(host);
}

function portFault(port: string): Fault | null {
  return /^[0-9]{1,5}$/.test(port.trim()) && Number(port) > 0 && Number(port) <= 65_535 ? null : own('port', port);
}

function spiFault(text: string): Fault | null {
  const spi = toSpi(text);
  return spi >= 256 && spi <= 0xffffffff ? null : own('spi', text);
}

function numberFault(text: string): Fault | null {
  return /^([0-9]{0,9}|[0-9]{1,9}\.[0-9]{1,9})$/.test(text.trim()) ? null : own('number', text);
}

function limitFault(word: 'days' | 'gib', text: string, most: number): Fault | null {
  return Number(text) > most ? own(word, text) : null;
}

function hasLifetime({ lifeDays }: Draft): boolean {
  return Number(lifeDays) > 0;
}

function remindFault(draft: Draft): Fault | null {
  const { remindDays, lifeDays } = draft;
  if (numberFault(remindDays) !== null) return own('number', remindDays);
  const isLate = hasLifetime(draft) && Number(remindDays) >= Number(lifeDays);
  return isLate ? own('remind', remindDays) : null;
}

function innerFault(text: string, family: 4 | 6): Fault | null {
  if (text.trim() === '') return own('innerNeeded', '');
  return reads(() => parsePrefix(text.trim())) && isFamily(text, family) ? null : own('inner', text);
}

function addressFault(text: string, family: 4 | 6): Fault | null {
  return reads(() => parseIpAddress(text.trim())) && isFamily(text, family) ? null : own('innerPeer', text);
}

function isFamily(text: string, family: 4 | 6): boolean {
  return text.includes(':') === (family === 6);
}

function prefixFault(text: string, carriesIpv6: boolean): Fault | null {
  const wrong = listOf(text).find((part) => !reads(() => parsePrefix(part)));
  if (wrong !== undefined) return own('prefix', wrong);
  const refused = carriesIpv6 ? undefined : listOf(text).find((part) => part.includes(':'));
  return refused === undefined ? null : own('needsIpv6', refused);
}

function reads(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch (error) {
    if (error instanceof IpsecError) return false;
    throw error;
  }
}
