/**
 * How this machine would reach a peer, and which networks it is in: what a wizard asks before there is a tunnel.
 * Names are looked up and routes asked for; nothing is sent to the peer.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import type { IpAddress } from '#core/ip/address.ts';
import { parseEndpointHost } from '#core/profile/endpoint.ts';
import { toProblem, type Problem } from './problem.ts';
import type { NameResolver } from './profile/profile-ports.ts';
import type { RoutePort } from '#core/tunnel/port/route-port.ts';
import type { MachineAddress, SurveyPort } from '#core/tunnel/port/survey-port.ts';

/** What it is asked of. */
export type OutlookSurroundings = {
  readonly routes: { list: RoutePort['listRoutes']; find: RoutePort['findRoute'] };
  readonly survey: SurveyPort;
  readonly resolver: NameResolver;
  /** Whether a device is one of our interfaces. */
  readonly isOurs: (device: string) => boolean;
};

/** The way to a peer; null for what is not known, and `problem` says why. */
export type Outlook = {
  resolved: IpAddress[];
  peer: IpAddress | null;
  source: IpAddress | null;
  device: string | null;
  gateway: IpAddress | null;
  mtu: number | null;
  isThroughTunnel: string | null;
  problem: Problem | null;
};

/** The machine's networks. */
export type Networks = {
  addresses: MachineAddress[];
  routes: { destination: string; device: string | null; gateway: IpAddress | null }[];
  dnsServers: IpAddress[];
};

const nothingKnown: Outlook = {
  ...{ resolved: [], peer: null, source: null, device: null, gateway: null, mtu: null },
  ...{ isThroughTunnel: null, problem: null },
};

/** The way to `peer`, an address or a name. Whatever is wrong is in the result. */
export async function lookOut(peer: string, surroundings: OutlookSurroundings): Promise<Outlook> {
  let resolved: IpAddress[] = [];
  try {
    resolved = [...(await addressesOf(peer, surroundings.resolver))];
    for (const address of resolved) {
      const way = await wayTo(address, surroundings);
      if (way !== null) return { ...nothingKnown, resolved, peer: address, ...way };
    }
    throw new IpsecError('ROUTE_NOT_FOUND', `this machine has no route to ${resolved.join(' or ')}`, { field: 'peer' });
  } catch (error) {
    return { ...nothingKnown, resolved, problem: toProblem(error) };
  }
}

/** Addresses, routes of the main table and name servers. @throws {IpsecError} `HOST_FAILED`. */
export async function listNetworks({ survey, routes }: OutlookSurroundings): Promise<Networks> {
  const [addresses, all, dnsServers] = await Promise.all([survey.listAddresses(), routes.list(), survey.dnsServers()]);
  return {
    addresses: [...addresses],
    routes: all.map(({ destination, interface: device, gateway }) => ({ destination, device, gateway })),
    dnsServers: [...dnsServers],
  };
}

async function addressesOf(peer: string, resolver: NameResolver): Promise<readonly IpAddress[]> {
  const host = parseEndpointHost(peer.trim(), 'peer');
  if (host.kind === 'auto') throw new IpsecError('ADDRESS_SYNTAX', 'the peer cannot be "auto"', { field: 'peer' });
  return host.kind === 'address' ? [host.address] : resolver.lookup(host.name);
}

type Way = Pick<Outlook, 'source' | 'device' | 'gateway' | 'mtu' | 'isThroughTunnel' | 'problem'>;

/** Null: there is no route. */
async function wayTo(
  address: IpAddress,
  { routes, survey, resolver, isOurs }: OutlookSurroundings,
): Promise<Way | null> {
  const route = await routes.find(address);
  if (route === null || route.kind !== 'unicast' || route.interface === null) return null;
  const { interface: device, gateway } = route;
  const [source, mtu] = await Promise.all([
    route.source ?? resolver.sourceTowards(address).catch(() => null),
    survey.mtuOf(device),
  ]);
  const isThroughTunnel = isOurs(device) ? device : null;
  const loop = `the way to ${address} leads through ${device}, which is a tunnel itself`;
  const problem = isThroughTunnel === null ? null : toProblem(new IpsecError('TUNNEL_ROUTE_LOOP', loop));
  return { source, device, gateway, mtu, isThroughTunnel, problem };
}
