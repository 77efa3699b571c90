/**
 * What a person has written so far of a new tunnel: the fields of the wizard as text, without any key. It becomes a
 * profile in draft-profile.ts; here is what a field is called, how it begins, and on which step it stands.
 * @module
 */
import type { Profile } from '#core/profile/profile.ts';

/** Steps in order; each is a part of the address, `/wizard/ends`. */
export const stepNames = ['purpose', 'ends', 'keys', 'networks', 'check'] as const;

/** One step. */
export type StepName = (typeof stepNames)[number];

/** What a tunnel is for. `computer`: nothing lies behind this end but itself. */
export const purposes = ['sites', 'computer'] as const;

/** A draft. Numbers are as typed; several prefixes stand one a line or with commas. */
export type Draft = {
  purpose: (typeof purposes)[number];
  name: string;
  interface: string;
  /** `auto`, or an address of this machine. */
  localHost: string;
  peerHost: string;
  /** How the other end reaches this one, where that is not the address it sends from. */
  ownHost: string;
  /** ESP in UDP: link0. */
  natT: boolean;
  localPort: string;
  peerPort: string;
  /** Of suite-choice.ts. */
  suite: string;
  keyOrigin: 'generate' | 'paste';
  spiOut: string;
  spiIn: string;
  spiOut6: string;
  spiIn6: string;
  lifeDays: string;
  lifeGib: string;
  remindDays: string;
  /** Inner address of this end and of the other. */
  inner: string;
  innerPeer: string;
  inner6: string;
  innerPeer6: string;
  routes: string;
  networks: string;
  /** What becomes of `routes` when the tunnel cannot carry them. */
  failClosed: Profile['failClosed'];
  /** Inner IPv6: link2. */
  carriesIpv6: boolean;
  /** Copy ECN: link1. */
  link1: boolean;
  mtu: string;
  startsWithHelper: boolean;
  /** Name of the profile that the draft has become; empty before. */
  made: string;
};

/** A field's name. */
export type DraftField = keyof Draft;

/** Where each field stands. */
export const stepOf: Readonly<Record<DraftField, StepName>> = {
  purpose: 'purpose',
  name: 'purpose',
  interface: 'check',
  localHost: 'ends',
  peerHost: 'ends',
  ownHost: 'ends',
  natT: 'ends',
  localPort: 'ends',
  peerPort: 'ends',
  suite: 'keys',
  keyOrigin: 'keys',
  spiOut: 'keys',
  spiIn: 'keys',
  spiOut6: 'keys',
  spiIn6: 'keys',
  lifeDays: 'keys',
  lifeGib: 'keys',
  remindDays: 'keys',
  inner: 'networks',
  innerPeer: 'networks',
  inner6: 'networks',
  innerPeer6: 'networks',
  routes: 'networks',
  networks: 'networks',
  failClosed: 'networks',
  carriesIpv6: 'networks',
  link1: 'check',
  mtu: 'check',
  startsWithHelper: 'check',
  made: 'check',
};

/** Fields of a step, in the order of the screen. */
export function fieldsOf(step: StepName): DraftField[] {
  return draftFields.filter((field) => stepOf[field] === step);
}

const draftFields = Object.keys(stepOf) as DraftField[];

/** A draft that nobody has written in; names, addresses and SPIs are filled in where the machine is known. */
export const emptyDraft: Draft = {
  purpose: 'sites',
  name: '',
  interface: 'ipsec0',
  localHost: 'auto',
  peerHost: '',
  ownHost: '',
  natT: false,
  localPort: '4500',
  peerPort: '4500',
  suite: '',
  keyOrigin: 'generate',
  spiOut: '',
  spiIn: '',
  spiOut6: '',
  spiIn6: '',
  lifeDays: '30',
  lifeGib: '64',
  remindDays: '3',
  inner: '',
  innerPeer: '',
  inner6: '',
  innerPeer6: '',
  routes: '',
  networks: '',
  failClosed: 'while-up',
  carriesIpv6: false,
  link1: false,
  mtu: '1280',
  startsWithHelper: true,
  made: '',
};
