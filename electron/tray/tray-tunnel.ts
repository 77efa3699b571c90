/**
 * Tunnels as the tray shows them: a name, a switch, one of four conditions and a rate, told from what the helper says.
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
  readonly rate: Rate | null;
};

/** A reading every five seconds, and some lateness. */
const longestGapMs = 15_000;

/** State of the helper's → shape of the icon. */
const conditionOfState: Readonly<Record<TunnelState, TrayCondition>> = {
  lost: 'attention',
  off: 'off',
  unconfigured: 'off',
  'waiting-for-keys': 'attention',
  idle: 'up',
  up: 'up',
  'hears-nothing': 'attention',
  errors: 'attention',
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
      .sort((a, b) => (a.profile.name < b.profile.name ? -1 : 1))
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
  const link = phase === 'on' ? interfaces.get(profile.interface) : undefined;
  return {
    name: profile.name,
    isProfile: true,
    isWanted: phase !== 'off' && phase !== 'failed',
    condition: conditionOfPhase(phase, link?.state ?? tunnelState),
    rate: link === undefined ? null : rateOfLink(link, before),
  };
}

function conditionOfPhase(phase: ProfileAnswer['phase'], state: TunnelState | null): TrayCondition {
  switch (phase) {
    case 'off':
      return 'off';
    case 'starting':
      return 'working';
    case 'on':
      return state === null ? 'working' : conditionOfState[state];
    case 'retrying':
    case 'failed':
      return 'attention';
  }
}

function tunnelOfInterface(link: InterfaceStatus, before: Before): TrayTunnel {
  const { name, isUp, state } = link;
  return { name, isProfile: false, isWanted: isUp, condition: conditionOfState[state], rate: rateOfLink(link, before) };
}

/** What was counted before, and how long before. */
type Before = { readonly counters: ReadonlyMap<string, Counters>; readonly elapsedMs: number };

function rateOfLink({ name, isUp, counters }: InterfaceStatus, before: Before): Rate | null {
  return isUp ? rateOf(before.counters.get(name), counters, before.elapsedMs, longestGapMs) : null;
}
