/**
 * A whole tunnel in one step of a gateway: interface, flags, options, outer pair, inner addresses, MTU, associations and
 * routes. Each function runs within one command of the gateway, whose transaction undoes the machine's part and whose
 * mark undoes the databases'.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import type { IpPrefix } from '#core/ip/prefix.ts';
import type { InterfaceFlags } from '#core/ipsecif/flags.ts';
import type { InnerAddress } from '#core/ipsecif/inner-address.ts';
import type { InterfaceOptions } from '#core/ipsecif/interface-options.ts';
import type { Interface } from '#core/ipsecif/interface.ts';
import type { OuterPair } from '#core/ipsecif/outer-pair.ts';
import type { AssociationSpec } from '#core/sad/security-association.ts';
import { checkRouteLoop, resolveRoute } from './command/route-plan.ts';
import { keepWayOut } from './command/way-out.ts';
import type { Device } from './compile-snapshot.ts';
import type { Databases } from './databases.ts';
import type { HostPort } from '#core/tunnel/port/host-port.ts';
import { policyReqid } from './interface-plan.ts';
import type { HostRoute } from '#core/tunnel/port/route-port.ts';
import type { Transaction } from './transaction.ts';

/** An association of a tunnel: its reqid is that of the interface's policy of this direction and inner family. */
export type SetupAssociation = {
  readonly direction: 'in' | 'out';
  /** `any`: NAT-T, where the policies have no reqid and one association carries both families. */
  readonly carries: 'ipv4' | 'ipv6' | 'any';
  readonly spec: AssociationSpec;
};

/** A tunnel, complete. */
export type TunnelSetup = {
  /** Of an interface that does not exist yet. */
  readonly name: string;
  readonly outer: OuterPair;
  readonly flags: Omit<InterfaceFlags, 'isUp'>;
  readonly options: InterfaceOptions;
  readonly mtu: number;
  readonly addresses: readonly InnerAddress[];
  readonly routes: readonly IpPrefix[];
  readonly associations: readonly SetupAssociation[];
};

/** A tunnel that was set up: what takes it away again, and nothing else. */
export type TunnelHandle = {
  readonly name: string;
  /** What the machine gave; another device of the same name is another tunnel. */
  readonly device: Device;
  /** Ids of its associations. */
  readonly associations: readonly number[];
  /** What keeps its own packets out of it; null where nothing has to. */
  readonly wayOut: HostRoute | null;
};

/** What configuring a tunnel made, besides what the interface has. */
export type Configured = Pick<TunnelHandle, 'associations' | 'wayOut'>;

/** What the steps work on. */
export type SetupSurroundings = {
  readonly databases: Databases;
  readonly host: HostPort;
  readonly transaction: Transaction;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Who asks; associations keep it. */
  readonly pid: number;
};

/** Configure a fresh interface. Flags come before the pair: ports need link0. */
export async function configureTunnel(setup: TunnelSetup, surroundings: SetupSurroundings): Promise<Configured> {
  const { databases, host, transaction } = surroundings;
  const { name, outer, flags, options, mtu, addresses, routes } = setup;
  const { ipsecif } = databases;
  ipsecif.setFlags(name, { ...flags, isUp: true });
  ipsecif.setOptions(name, options);
  ipsecif.setTunnel(name, outer);
  const before = ipsecif.get(name).mtu;
  ipsecif.setMtu(name, mtu);
  if (mtu !== before) await host.setMtu(name, mtu);
  const ids = addAssociations(name, setup.associations, surroundings);
  for (const address of addresses) {
    ipsecif.addAddress(name, address);
    const isNew = await host.addAddress(name, address);
    if (isNew) transaction.onRollback(() => host.removeAddress(name, address));
  }
  // Addresses of a device that a killed culvertd left, and that the tunnel has no more.
  await host.dropFormerAddresses(name);
  await host.bringUp(name);
  const wayOut = await keepWayOut({ peer: outer.peer, destinations: routes }, null, surroundings);
  const toPeer = routes.length === 0 ? null : await host.findRoute(outer.peer);
  for (const destination of routes) await addRoute(name, destination, surroundings, toPeer);
  return { associations: ids, wayOut };
}

/** Give a tunnel another outer pair with associations for it; the interface, its addresses and routes stay. */
export async function repointTunnel(
  { name, outer, routes, associations }: TunnelSetup,
  before: Configured,
  surroundings: SetupSurroundings,
): Promise<Configured> {
  const { databases, host } = surroundings;
  removeAssociations(before.associations, databases);
  databases.ipsecif.setTunnel(name, outer);
  const wayOut = await keepWayOut({ peer: outer.peer, destinations: routes }, before.wayOut, surroundings);
  const toPeer = await host.findRoute(outer.peer);
  for (const destination of routes) {
    checkRouteLoop(toHostRoute(name, destination, databases), databases.ipsecif.get(name), toPeer);
  }
  return { associations: addAssociations(name, associations, surroundings), wayOut };
}

/** Remove associations by id; those that have gone by themselves, or were replaced by hand, are none of ours. */
export function removeAssociations(ids: readonly number[], { sad }: Databases): void {
  for (const id of ids) {
    const association = sad.find(id);
    if (association !== null) sad.delete(association);
  }
}

/**
 * Route into a tunnel; `knownToPeer` is the way to the peer where the caller has asked for it already. A route that is there,
 * into the same device, was left by a helper that was killed, and is as good.
 */
export async function addRoute(
  name: string,
  destination: IpPrefix,
  surroundings: Pick<SetupSurroundings, 'databases' | 'host' | 'transaction'>,
  knownToPeer?: HostRoute | null,
): Promise<void> {
  const { databases, host, transaction } = surroundings;
  const route = toHostRoute(name, destination, databases);
  const record = databases.ipsecif.get(name);
  const find = async (): Promise<HostRoute | null> =>
    record.outer === null ? null : host.findRoute(record.outer.peer);
  checkRouteLoop(route, record, knownToPeer === undefined ? await find() : knownToPeer);
  try {
    await host.addRoute(route, false);
    transaction.onRollback(() => host.removeRoute(route));
  } catch (error) {
    if (!(error instanceof IpsecError) || error.code !== 'ROUTE_EXISTS') throw error;
    const present = await host.listRoutes();
    if (!present.some((other) => other.destination === destination && other.interface === name)) throw error;
  }
}

function toHostRoute(name: string, destination: IpPrefix, { ipsecif }: Databases): HostRoute {
  const through = { gateway: null, interface: name, source: null, isFailClosed: false };
  return resolveRoute({ destination, kind: 'unicast', ...through }, [...ipsecif.list()]);
}

function addAssociations(
  name: string,
  associations: readonly SetupAssociation[],
  { databases, now, pid }: SetupSurroundings,
): number[] {
  const record = databases.ipsecif.get(name);
  return associations.map(
    (association) => databases.sad.add({ ...association.spec, reqid: reqidOf(association, record) }, now, pid).id,
  );
}

/** The reqid of the interface's policy that an association belongs to; 0 for none. */
export function reqidOf(
  { direction, carries }: Pick<SetupAssociation, 'direction' | 'carries'>,
  { policies }: Pick<Interface, 'policies'>,
): number {
  if (policies === null || carries === 'any') return 0;
  const { in4, out4, in6, out6 } = policies;
  if (carries === 'ipv4') return policyReqid(direction === 'in' ? in4 : out4);
  return policyReqid(direction === 'in' ? in6 : out6);
}
