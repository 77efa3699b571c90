/**
 * The tunnels as the list shows them: what was saved, in the order of names, and after it the interfaces that somebody
 * made by hand. The order does not follow what tunnels do.
 * @module
 */
import type { InterfaceStatus, Status } from '#core/api/contract.ts';
import type { ProfileAnswer } from '#core/api/profile-contract.ts';
import type { HelperLink } from '#core/api/relay.ts';
import { isLost } from './refused-networks.ts';
import { tellCondition, type Condition, type TunnelCondition } from './tunnel-condition.ts';

/** One tunnel of the list. */
export type Tunnel = TunnelCondition & {
  /** What the person calls it; the interface's name where it was made by hand. */
  readonly name: string;
  /** `ipsecN`, whether it is there or not. */
  readonly interfaceName: string;
  /** Null where it was made by hand. */
  readonly profile: ProfileAnswer | null;
  /** Null while nothing of it is in the machine. */
  readonly interface: InterfaceStatus | null;
  /** What it was when it was last seen, while the helper is away. */
  readonly lastCondition: Condition;
};

/** What of the session the list is made of. */
type Known = {
  readonly status: Status | null;
  readonly profiles: readonly ProfileAnswer[];
  readonly link: Pick<HelperLink, 'state'>;
};

/** All tunnels of what the window knows. While the helper is away no condition is known. */
export function listTunnels({ status, profiles, link }: Known): readonly Tunnel[] {
  if (status === null) return [];
  const isLive = link.state === 'connected';
  const owned = new Set(profiles.filter(isInMachine).map(({ profile }) => profile.interface));
  const byHand = status.interfaces.filter(({ name }) => !owned.has(name));
  return [
    ...profiles
      .toSorted((a, b) => a.profile.name.localeCompare(b.profile.name, 'en', { numeric: true }))
      .map((profile) => tunnelOf(profile, interfaceOf(profile, status), status, isLive)),
    ...byHand.map((link) => tunnelOf(null, link, status, isLive)),
  ];
}

/** The tunnel of an interface or of a profile, whichever has this name; undefined for neither. */
export function findTunnel(tunnels: readonly Tunnel[], name: string): Tunnel | undefined {
  return tunnels.find((tunnel) => tunnel.name === name) ?? tunnels.find((tunnel) => tunnel.interfaceName === name);
}

/** Whether a tunnel has `query` in its name, interface or one of its addresses. */
export function matchesQuery(tunnel: Tunnel, query: string): boolean {
  const { profile, interface: link } = tunnel;
  const saved =
    profile === null ? [] : [profile.profile.peer.host, profile.profile.local.host, ...profile.profile.routes];
  const inner = link?.addresses.map(({ address }) => address) ?? [];
  const texts = [tunnel.name, tunnel.interfaceName, link?.tunnel?.local, link?.tunnel?.peer, ...inner, ...saved];
  const wanted = query.trim().toLowerCase();
  return texts.some((text) => text?.toLowerCase().includes(wanted) === true);
}

/** Whether something of a profile is in the machine. */
export function isInMachine({ phase }: ProfileAnswer): boolean {
  return phase === 'on' || phase === 'starting';
}

function interfaceOf(profile: ProfileAnswer, status: Status): InterfaceStatus | null {
  if (!isInMachine(profile)) return null;
  return status.interfaces.find(({ name }) => name === profile.profile.interface) ?? null;
}

function tunnelOf(
  profile: ProfileAnswer | null,
  link: InterfaceStatus | null,
  status: Status,
  isLive: boolean,
): Tunnel {
  const told = conditionWith(profile, link === null ? absent(profile) : tellCondition(link, status));
  return {
    ...told,
    name: profile?.profile.name ?? link?.name ?? '',
    interfaceName: profile?.profile.interface ?? link?.name ?? '',
    profile,
    interface: link,
    condition: isLive ? told.condition : 'unknown',
    lastCondition: told.condition,
  };
}

/** What somebody else has taken away is lost, also where an interface of its name was made anew by hand. */
function conditionWith(profile: ProfileAnswer | null, told: TunnelCondition): TunnelCondition {
  return isLost(profile) ? { ...told, condition: 'lost' } : told;
}

/** A profile of which nothing is in the machine: off, or it could not come up. */
function absent(profile: ProfileAnswer | null): TunnelCondition {
  const isWanted = profile?.phase === 'retrying' || profile?.phase === 'failed';
  return {
    condition: isWanted ? 'error' : 'off',
    lastHeardMs: null,
    lastSentMs: null,
    keysEndMs: null,
    heldPackets: 0,
  };
}
