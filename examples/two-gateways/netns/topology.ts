/**
 * The picture in ipsecif(4) in four network namespaces: X -- A == B -- Y, joined by veth(4) pairs, with forwarding
 * on in A and B and default routes in X and Y. No tunnel yet.
 * @module
 */
import type { SideAddresses } from '#core/host/memory/two-gateways.ts';
import { networkPrefixLength, sideA, sideB } from '#examples/two-gateways/tunnel/addresses.ts';
import { createNamespace, namespaceName, removeNamespace, type Namespace } from './namespace.ts';
import type { Processes } from './process.ts';

/** The four machines. */
export type Topology = {
  readonly x: Namespace;
  readonly a: Namespace;
  readonly b: Namespace;
  readonly y: Namespace;
};

/** The gateways' device on the wire between them. */
export const wireDevice = 'wm0';

/** Suffixes of the namespaces' names. */
export const machineSuffixes = ['x', 'a', 'b', 'y'] as const;

/** Make the four machines and join them. */
export async function buildTopology(processes: Processes): Promise<Topology> {
  const [x, a, b, y] = await Promise.all([
    createNamespace(processes, namespaceName('x')),
    createNamespace(processes, namespaceName('a')),
    createNamespace(processes, namespaceName('b')),
    createNamespace(processes, namespaceName('y')),
  ]);
  await joinNamespaces(processes, a, wireDevice, b, wireDevice);
  await joinNamespaces(processes, x, 'wm0', a, 'wm1');
  await joinNamespaces(processes, y, 'wm0', b, 'wm1');
  await Promise.all([
    configureGateway(a, sideA),
    configureGateway(b, sideB),
    configureHost(x, sideA),
    configureHost(y, sideB),
  ]);
  return { x, a, b, y };
}

/** Remove the four machines, whatever of them exists. */
export async function removeTopology(processes: Processes, pid: number = process.pid): Promise<void> {
  await Promise.all(machineSuffixes.map((suffix) => removeNamespace(processes, namespaceName(suffix, pid))));
}

/** Join two namespaces by a veth pair, made inside them: no name of it is ever seen outside. */
export async function joinNamespaces(
  processes: Processes,
  one: Namespace,
  oneDevice: string,
  other: Namespace,
  otherDevice: string,
): Promise<void> {
  const peer = ['peer', 'name', otherDevice, 'netns', other.name] as const;
  await processes.run(['ip', 'link', 'add', oneDevice, 'netns', one.name, 'type', 'veth', ...peer]);
}

/** Send both local networks' packets over the bare wire, or stop doing so. It shows what a capture sees without a tunnel. */
export async function setBareRoutes(topology: Topology, verb: 'add' | 'del'): Promise<void> {
  const route = (own: SideAddresses, other: SideAddresses): Promise<void> =>
    (own === sideA ? topology.a : topology.b).configure([
      `route ${verb} ${other.network[4]} via ${other.wire[4]}`,
      `route ${verb} ${other.network[6]} via ${other.wire[6]}`,
    ]);
  await Promise.all([route(sideA, sideB), route(sideB, sideA)]);
}

async function configureGateway(gateway: Namespace, side: SideAddresses): Promise<void> {
  await gateway.configure([
    ...addresses(wireDevice, side.wire),
    ...addresses('wm1', side.gateway),
    'link set wm0 up',
    'link set wm1 up',
  ]);
  await gateway.setVariables({ 'net/ipv4/ip_forward': '1', 'net/ipv6/conf/all/forwarding': '1' });
}

async function configureHost(host: Namespace, side: SideAddresses): Promise<void> {
  await host.configure([
    ...addresses('wm0', side.host),
    'link set wm0 up',
    `route add default via ${side.gateway[4]}`,
    `route add ::/0 via ${side.gateway[6]}`,
  ]);
}

function addresses(device: string, pair: { readonly 4: string; readonly 6: string }): string[] {
  return [
    `address add ${pair[4]}/${networkPrefixLength[4]} dev ${device}`,
    `address add ${pair[6]}/${networkPrefixLength[6]} dev ${device} nodad`,
  ];
}
