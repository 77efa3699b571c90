/**
 * What one interface needs of SAD and machine: the association to send on for each inner family, and sockets.
 * Pure; a plan holds as long as the interface's record and the SAD are the same.
 * @module
 */
import { natTPort } from '#core/esp/udp-encapsulation.ts';
import { addressFamily } from '#core/ip/address.ts';
import { resolveOptions, type OuterTreatment, type SystemSettings } from '#core/ipsecif/interface-options.ts';
import type { Interface } from '#core/ipsecif/interface.ts';
import { hasPorts, type OuterPair } from '#core/ipsecif/outer-pair.ts';
import type { Sad } from '#core/sad/sad.ts';
import type { SecurityAssociation } from '#core/sad/security-association.ts';
import type { SecurityPolicy } from '#core/spd/security-policy.ts';
import type { SocketSpec } from '#core/tunnel/port/host-port.ts';

/** One inner family of an interface. */
export type FamilyPlan = {
  readonly outbound: SecurityPolicy;
  readonly inbound: SecurityPolicy;
  /** The association to send on; null while there is none, or none is wanted. */
  readonly association: SecurityAssociation | null;
};

/** What an interface needs. Families are null while no tunnel is configured. */
export type InterfacePlan = {
  readonly ipv4: FamilyPlan | null;
  readonly ipv6: FamilyPlan | null;
  readonly treatment: OuterTreatment;
  /** By `socketKey`. */
  readonly sockets: ReadonlyMap<string, SocketSpec>;
};

/** Plan an interface. */
export function planInterface(record: Interface, sad: Sad, settings: SystemSettings): InterfacePlan {
  const { outer, policies, flags, options } = record;
  const treatment = resolveOptions(options, settings, flags, outer === null ? 4 : addressFamily(outer.local));
  if (outer === null || policies === null) return { treatment, ipv4: null, ipv6: null, sockets: new Map() };
  return {
    treatment,
    ipv4: planFamily(outer, policies.out4, policies.in4, sad),
    ipv6: planFamily(outer, policies.out6, policies.in6, sad),
    sockets: planSockets(outer, flags.link0, sad),
  };
}

/** The socket that an association sends from. */
export function sendingSocket({ source, ports }: SecurityAssociation): SocketSpec {
  const family = addressFamily(source);
  if (ports === null) return { kind: 'esp', family, localAddress: source, localPort: 0 };
  return { kind: 'udp', family, localAddress: source, localPort: ports.source };
}

/** A text that is equal exactly for equal sockets. */
export function socketKey({ kind, localAddress, localPort }: SocketSpec): string {
  return `${kind} ${localAddress} ${localPort}`;
}

/** reqid of a policy's request; 0 for none. */
export function policyReqid(policy: SecurityPolicy): number {
  return policy.requests[0]?.reqid ?? 0;
}

/** The UDP ports by which an interface tells its associations from others of the same pair; null without NAT-T ports. */
export function outboundPorts(outer: OuterPair): { source: number; destination: number } | null {
  return hasPorts(outer) ? { source: outer.localPort, destination: outer.peerPort } : null;
}

function planFamily(outer: OuterPair, outbound: SecurityPolicy, inbound: SecurityPolicy, sad: Sad): FamilyPlan {
  if (outbound.action !== 'protect') return { outbound, inbound, association: null };
  const { local: source, peer: destination } = outer;
  const query = { source, destination, reqid: policyReqid(outbound), ports: outboundPorts(outer) };
  return { outbound, inbound, association: sad.findOutbound(query) };
}

/** Raw ESP always, and ICMP for what is said about our packets; UDP for NAT-T, and for associations of the pair that say so by themselves. */
function planSockets(outer: OuterPair, isNatT: boolean, sad: Sad): Map<string, SocketSpec> {
  const { local: localAddress, peer, localPort } = outer;
  const family = addressFamily(localAddress);
  const ports = new Set<number>();
  if (isNatT) ports.add(localPort === 0 ? natTPort : localPort);
  if (localPort === 0) {
    for (const association of sad.between(localAddress, peer))
      if (association.ports) ports.add(association.ports.source);
    for (const association of sad.between(peer, localAddress)) {
      if (association.ports) ports.add(association.ports.destination);
    }
  }
  const udp = [...ports].map((port): SocketSpec => ({ kind: 'udp', family, localAddress, localPort: port }));
  const raw = (['esp', 'icmp'] as const).map((kind): SocketSpec => ({ kind, family, localAddress, localPort: 0 }));
  const specs = [...raw, ...udp];
  return new Map(specs.map((spec) => [socketKey(spec), spec]));
}
