/**
 * What the window knows of one tunnel beyond its condition: its associations and policies, the machine's network beside
 * it, the routes into it.
 * @module
 */
import type { AssociationStatus, PolicyStatus, Status } from '#core/api/contract.ts';
import type { RelayResult } from '#core/api/relay.ts';
import type { Carriage, Suite } from '#core/api/reading/tunnel-section.ts';
import { networkPrefix, parsePrefix } from '#core/ip/prefix.ts';
import type { Tunnel } from '../../state/tunnel-list.ts';

/** Networks of this machine as `host.networks` gives them; null while they were not told. */
export type HostNetworks = RelayResult<'host.networks'> | null;
/** Routes of this machine as `route.list` gives them; null while they were not told. */
export type HostRoutes = RelayResult<'route.list'>['routes'] | null;

/** Associations that the tunnel's policies select. */
export function associationsOf({ interfaceName }: Tunnel, status: Status | null): readonly AssociationStatus[] {
  return status?.associations.filter(({ interfaces }) => interfaces.includes(interfaceName)) ?? [];
}

/** Whether an association is one to send on. */
export function isOutbound({ interface: link }: Tunnel, association: AssociationStatus): boolean {
  return association.source === link?.tunnel?.local;
}

/** The association of a direction that packets take now: usable, and the one used last. */
export function currentAssociation(
  tunnel: Tunnel,
  own: readonly AssociationStatus[],
  direction: 'out' | 'in',
): AssociationStatus | null {
  const usable = own.filter(
    (association) =>
      isOutbound(tunnel, association) === (direction === 'out') &&
      (association.state === 'mature' || association.state === 'dying'),
  );
  return usable.toSorted((one, other) => other.usage.lastUsedMs - one.usage.lastUsedMs)[0] ?? null;
}

/** Policies between the tunnel's outer addresses: its own four, and what people added for the same pair. */
export function policiesOf({ interface: link }: Tunnel, status: Status | null): readonly PolicyStatus[] {
  const pair = link?.tunnel;
  if (pair === undefined || pair === null || status === null) return [];
  const { local, peer } = pair;
  return status.policies.filter(({ direction, source, destination }) => {
    const [near, far] = direction === 'out' ? [source, destination] : [destination, source];
    return near.split('/')[0] === local && far.split('/')[0] === peer;
  });
}

/** The suite of a tunnel: of what it sends with, or of its profile while nothing is in the machine. */
export function suiteOf(tunnel: Tunnel, own: readonly AssociationStatus[]): (Suite & { readonly bits: number }) | null {
  const current = currentAssociation(tunnel, own, 'out') ?? currentAssociation(tunnel, own, 'in');
  if (current !== null)
    return { encryption: current.encryption, integrity: current.integrity, bits: current.encryptionKeyBits };
  const saved = tunnel.profile;
  if (saved === null) return null;
  const { encryption, integrity } = saved.profile.keys;
  return { encryption, integrity, bits: saved.secrets.pairs[0]?.out.encryptionBits ?? 0 };
}

/** How the tunnel's ESP travels. */
export function carriageOf({ interface: link, profile }: Tunnel): Carriage {
  const peer = link?.tunnel?.peer ?? profile?.outer?.peer ?? profile?.profile.peer.host ?? '';
  const hasUdp = link?.link0 ?? profile?.profile.flags.link0 ?? false;
  return { outerFamily: peer.includes(':') ? 6 : 4, hasUdp };
}

/** The narrowest path MTU that ICMP told of; null where it told of none. */
export function toldPathMtu(own: readonly AssociationStatus[]): number | null {
  const told = own.map(({ usage }) => usage.pathMtu).filter((mtu) => mtu > 0);
  return told.length === 0 ? null : Math.min(...told);
}

/** Sequence numbers that never came, of how many: null without a replay window, which alone counts them. */
export function missingPackets(
  tunnel: Tunnel,
  own: readonly AssociationStatus[],
): { readonly missing: number; readonly of: number } | null {
  const heard = own.filter(
    (association) => !isOutbound(tunnel, association) && association.replayBytes > 0 && association.usage.sequence > 0,
  );
  if (heard.length === 0) return null;
  const of = heard.reduce((sum, { usage }) => sum + usage.sequence, 0);
  const came = heard.reduce((sum, { usage }) => sum + Math.min(usage.packets, usage.sequence), 0);
  return { missing: of - came, of };
}

/** Prefixes that are routed into the tunnel, without those of its own addresses. */
export function farNetworks(tunnel: Tunnel, routes: HostRoutes): readonly string[] {
  const { interface: link, profile, interfaceName } = tunnel;
  // The routes of a device go with the device.
  if (link === null || link.state === 'lost') return profile?.profile.routes ?? [];
  const own = new Set(link.addresses.flatMap(({ address, peer }) => [address, peer]));
  return (routes ?? [])
    .filter(
      ({ interface: device, kind, origin, destination }) =>
        device === interfaceName &&
        kind === 'unicast' &&
        origin !== 'kernel' &&
        !own.has(destination.split('/')[0] ?? ''),
    )
    .map(({ destination }) => destination);
}

/** The device of an outer address, and beside it the first other one with a network of its own: our hosts' side. */
export function nearNetwork(
  tunnel: Tunnel,
  networks: HostNetworks,
): {
  readonly outerDevice: string | null;
  readonly hostDevice: string | null;
  readonly hostAddress: string | null;
  readonly network: string | null;
} {
  const local = tunnel.interface?.tunnel?.local ?? tunnel.profile?.outer?.local ?? null;
  const addresses = networks?.addresses ?? [];
  const outerDevice = addresses.find(({ address }) => address === local)?.device ?? null;
  // Beside an outer device that is not known, any device might be the outer one.
  const host = (outerDevice === null ? [] : addresses).find(
    ({ device, address, prefixLength }) =>
      device !== outerDevice &&
      !/^(lo|ipsec)\d*$/.test(device) &&
      !address.startsWith('fe80:') &&
      prefixLength < (address.includes(':') ? 128 : 32),
  );
  return {
    outerDevice,
    hostDevice: host?.device ?? null,
    hostAddress: host?.address ?? null,
    network: tunnel.profile?.profile.networks[0] ?? (host === undefined ? null : networkOf(host)),
  };
}

function networkOf({ address, prefixLength }: { readonly address: string; readonly prefixLength: number }): string {
  return networkPrefix(parsePrefix(`${address}/${prefixLength}`));
}
