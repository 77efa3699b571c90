/**
 * Tunnels as the tray shows them: a name, a switch, one of four conditions with its word, and a rate, told from what the
 * helper says.
 * @module
 */
import type { InterfaceStatus, Status, TunnelState } from '#core/api/contract.ts';
import type { ProfileAnswer } from '#core/api/profile-contract.ts';
import { countersByName, rateOf, type Counters, type Rate } from '#core/api/reading/rate.ts';
import type { HelperLink } from '#core/api/relay.ts';

/** The shapes of the icon, worst last. */
const trayConditions = ['off', 'up', 'working', 'attention'] as const;

/** One of `trayConditions`. */
export type TrayCondition = (typeof trayConditions)[number];

/** What the helper said last, and the reading before it. */
export type TunnelsNow = {
  readonly link: HelperLink;
  readonly canOperate: boolean;
  readonly before: Status | null;
  readonly status: Status | null;
  readonly profiles: readonly ProfileAnswer[];
};

/** One tunnel. */
export type TrayTunnel = {
  /** What the person calls it; the interface's name where it was made by hand. */
  readonly name: string;
  readonly isProfile: boolean;
  /** What the person wants of it. */
  readonly isWanted: boolean;
  readonly condition: TrayCondition;
  /** What is wrong or on its way, in the window's words; null where the switch says it all. */
  readonly word: string | null;
  readonly rate: Rate | null;
};

/** A reading every five seconds, and some lateness. */
const longestGapMs = 15_000;

type Told = Pick<TrayTunnel, 'condition' | 'word'>;

/** State of the helper's → shape of the icon, and the word of the window's list. */
const toldOfState: Readonly<Record<TunnelState, Told>> = {
  lost: { condition: 'attention', word: 'lost' },
  off: { condition: 'off', word: null },
  unconfigured: { condition: 'off', word: 'no ends' },
  'waiting-for-keys': { condition: 'attention', word: 'waiting for keys' },
  idle: { condition: 'up', word: null },
  up: { condition: 'up', word: null },
  'hears-nothing': { condition: 'attention', word: 'sends only' },
  errors: { condition: 'attention', word: 'error' },
};

/** All tunnels: profiles by name, then interfaces that were made by hand. None while the helper is away. */
export function listTrayTunnels(now: TunnelsNow): readonly TrayTunnel[] {
  const { status, profiles, link } = now;
  if (status === null || link.state !== 'connected') return [];
  const elapsedMs = status.nowMs - (now.before?.nowMs ?? status.nowMs);
  const before: Before = { counters: countersByName(now.before), elapsedMs };
  const interfaces = new Map(status.interfaces.map((each) => [each.name, each]));
  const owned = new Set(profiles.filter(isInMachine).map(({ profile }) => profile.interface));
  return [
    ...[...profiles]
      .sort((a, b) => a.profile.name.localeCompare(b.profile.name))
      .map((profile) => tunnelOfProfile(profile, interfaces, before)),
    ...status.interfaces.filter(({ name }) => !owned.has(name)).map((each) => tunnelOfInterface(each, before)),
  ];
}

/** The condition of all together: the worst of those that are wanted. */
export function overallCondition(tunnels: readonly TrayTunnel[]): TrayCondition {
  const worst = Math.max(0, ...tunnels.map(({ condition }) => trayConditions.indexOf(condition)));
  return trayConditions[worst] ?? 'off';
}

function isInMachine({ phase }: ProfileAnswer): boolean {
  return phase === 'on' || phase === 'starting';
}

function tunnelOfProfile(
  { profile, phase, tunnelState }: ProfileAnswer,
  interfaces: ReadonlyMap<string, InterfaceStatus>,
  before: Before,
): TrayTunnel {
  // Lost, an interface of its name is somebody else's.
  const link = phase === 'on' && tunnelState !== 'lost' ? interfaces.get(profile.interface) : undefined;
  return {
    name: profile.name,
    isProfile: true,
    isWanted: phase !== 'off' && phase !== 'failed',
    ...tellPhase(phase, link?.state ?? tunnelState),
    rate: link === undefined ? null : rateOfLink(link, before),
  };
}

function tellPhase(phase: ProfileAnswer['phase'], state: TunnelState | null): Told {
  switch (phase) {
    case 'off':
      return { condition: 'off', word: null };
    case 'starting':
      return { condition: 'working', word: 'connecting' };
    case 'on':
      if (state === null) return { condition: 'working', word: 'connecting' };
      return state === 'off' ? { condition: 'off', word: 'blocked' } : toldOfState[state];
    case 'retrying':
      return { condition: 'attention', word: 'not up, tried again' };
    case 'failed':
      return { condition: 'attention', word: 'could not come up' };
  }
}

function tunnelOfInterface(link: InterfaceStatus, before: Before): TrayTunnel {
  const { name, isUp, state } = link;
  return { name, isProfile: false, isWanted: isUp, ...toldOfState[state], rate: rateOfLink(link, before) };
}

/** What was counted before, and how long before. */
type Before = { readonly counters: ReadonlyMap<string, Counters>; readonly elapsedMs: number };

function rateOfLink({ name, isUp, counters }: InterfaceStatus, before: Before): Rate | null {
  return isUp ? rateOf(before.counters.get(name), counters, before.elapsedMs, longestGapMs) : null;
}
