/**
 * What may be set for one interface beyond its flags, and for all of them at once: NetBSD's sysctls of ipsecif(4)
 * (ipsecif.h, in6_proto.c) and the choices that RFC 4301 (§5.1.1, §6.1.1, §8) and RFC 7296 §2.23 leave to the
 * administrator.
 *
 * NetBSD has fewer: DF is always clear on its outer IPv4 header (ipsecif.c), and it neither sends keepalives nor
 * follows a peer nor hides lengths and silence (RFC 4303 §2.6, §2.7). The defaults here are NetBSD's, but for keepalives.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import type { InterfaceFlags } from './flags.ts';

/** What becomes of the DF bit of an outer IPv4 header (RFC 4301 §8.1). */
export type DontFragment = 'clear' | 'set' | 'copy';

/** Options of one interface. -1 and null mean what is set for all of them. */
export type InterfaceOptions = {
  /** net.interfaces.ipsecN.pmtu: 0 fragments outer IPv6 packets to 1280 bytes, 1 uses the path MTU. */
  readonly pmtu: -1 | 0 | 1;
  /** TTL of the outer IPv4 header or hop limit of the outer IPv6 header, 1 to 255. */
  readonly hopLimit: number | null;
  readonly dontFragment: DontFragment | null;
  /** NAT-T: go on with the address and port of an authentic, newer packet (RFC 7296 §2.23). */
  readonly followsPeer: boolean;
  /** NAT-T: send keepalives while nothing else is sent (RFC 3948 §4). */
  readonly keepalives: boolean;
  /** Tell inner senders by ICMP of packets that a policy, or a missing association, keeps back (RFC 4301 §5.1.1). */
  readonly answersRefused: boolean;
  /** Pad each inner packet with zeros to a multiple of so many bytes, or to the MTU (RFC 4303 §2.7); 0 for none. */
  readonly tfcMultiple: number;
  /** Dummy packets sent in each second (RFC 4303 §2.6); 0 for none. */
  readonly dummiesPerSecond: number;
};

/** What holds for every interface that says nothing else. */
export type SystemSettings = {
  /** net.inet6.ip6.ipsecifpmtu. */
  readonly pmtu: 0 | 1;
  /** net.inet6.ip6.ipsecifhlim; outer IPv4 has TTL 64 whatever it says (ipsecif.c). */
  readonly hopLimit: number;
  /** net.inet.ipsec.dfbit: 0 clear, 1 set, 2 copy. */
  readonly dontFragment: DontFragment;
  /** net.ipsecif.use_fixed_reqid: reqids of policies made from now on are computed from the unit, not drawn. */
  readonly usesFixedReqid: boolean;
  /** net.ipsecif.reqid_base: where fixed reqids start. */
  readonly reqidBase: number;
  /** net.ipsecif.log_ecn, ours: whether suspicious ECN marks are logged; they are counted always (RFC 6040 §4.2). */
  readonly logsEcn: boolean;
  /** net.ipsecif.icmp_*, ours: which ICMP errors about our packets are heeded, by type; nobody vouches for them (RFC 4301 §6.1.1). */
  readonly acceptsIcmpTooBig: boolean;
  readonly acceptsIcmpUnreachable: boolean;
  readonly acceptsIcmpTimeExceeded: boolean;
  readonly acceptsIcmpParameterProblem: boolean;
  /** net.ipsecif.pmtu_least, ours: no ICMP brings the MTU of an IPv4 path below it (RFC 4301 §6.1.1); over IPv6 it is 1280. */
  readonly leastPathMtu: number;
  /** net.ipsecif.pmtu_expires, ours: seconds until what ICMP told about a path is forgotten (RFC 4301 §8.2.2). */
  readonly pathMtuSeconds: number;
  /** net.ipsecif.audit, ours: whether auditable drops are told one by one; they are counted always (RFC 4303 §4). */
  readonly auditsDrops: boolean;
};

/** Options of a fresh interface. */
export const initialOptions: InterfaceOptions = {
  pmtu: -1,
  hopLimit: null,
  dontFragment: null,
  followsPeer: false,
  keepalives: true,
  answersRefused: false,
  tfcMultiple: 0,
  dummiesPerSecond: 0,
};

/** Settings of a fresh system. */
export const initialSettings: SystemSettings = {
  pmtu: 0,
  hopLimit: 64,
  dontFragment: 'clear',
  usesFixedReqid: false,
  reqidBase: 8192,
  logsEcn: true,
  acceptsIcmpTooBig: true,
  acceptsIcmpUnreachable: true,
  acceptsIcmpTimeExceeded: true,
  acceptsIcmpParameterProblem: true,
  leastPathMtu: 576,
  pathMtuSeconds: 600,
  auditsDrops: true,
};

/** Fixed reqids lie in the upper half of the range that users choose from (key.c: IPSEC_MANUAL_REQID_MAX). */
const fixedReqids = { first: 8192, last: 16383 } as const;

/** Our own limits. A multiple above the MTU pads all packets to the MTU, so the largest MTU is enough. */
const largestTfcMultiple = 8192;
const mostDummiesPerSecond = 1000;

/** From what every IPv4 link carries (RFC 791 §3.2) to Ethernet's MTU. */
const leastPathMtuRange = { first: 68, last: 1500 } as const;
/** A wider path is not looked for within five minutes (RFC 8201 §4); a day is as good as never. */
const pathMtuSecondsRange = { first: 300, last: 86_400 } as const;

/** TTL of outer IPv4 headers where the interface says nothing else (ipsecif.c). */
const outerIpv4Ttl = 64;

/** What the datapath does for an interface, with nothing left open. */
export type OuterTreatment = {
  readonly outerTtl: number;
  readonly dontFragment: DontFragment;
  readonly pathMtuDiscovery: boolean;
  readonly followsPeer: boolean;
  readonly keepalives: boolean;
  readonly answersRefused: boolean;
  readonly tfcMultiple: number;
  readonly dummiesPerSecond: number;
};

/** Resolve the options of an interface. Without link0 there is no NAT-T, so no peer to follow and nothing to keep alive. */
export function resolveOptions(
  options: InterfaceOptions,
  settings: SystemSettings,
  { link0 }: InterfaceFlags,
  outerFamily: 4 | 6,
): OuterTreatment {
  return {
    outerTtl: options.hopLimit ?? (outerFamily === 6 ? settings.hopLimit : outerIpv4Ttl),
    dontFragment: options.dontFragment ?? settings.dontFragment,
    pathMtuDiscovery: (options.pmtu === -1 ? settings.pmtu : options.pmtu) === 1,
    followsPeer: link0 && options.followsPeer,
    keepalives: link0 && options.keepalives,
    answersRefused: options.answersRefused,
    tfcMultiple: options.tfcMultiple,
    dummiesPerSecond: options.dummiesPerSecond,
  };
}

/** @throws {IpsecError} `INTERFACE_OPTION` (EINVAL) naming the field. */
export function checkOptions({ pmtu, hopLimit, tfcMultiple, dummiesPerSecond }: InterfaceOptions): void {
  checkRange('pmtu', pmtu, -1, 1);
  checkRange('tfcMultiple', tfcMultiple, 0, largestTfcMultiple);
  checkRange('dummiesPerSecond', dummiesPerSecond, 0, mostDummiesPerSecond);
  if (hopLimit !== null) checkRange('hopLimit', hopLimit, 1, 255);
}

/** @throws {IpsecError} `INTERFACE_OPTION` (EINVAL) naming the field. */
export function checkSettings({ pmtu, hopLimit, reqidBase, leastPathMtu, pathMtuSeconds }: SystemSettings): void {
  checkRange('pmtu', pmtu, 0, 1);
  checkRange('hopLimit', hopLimit, 1, 255);
  checkRange('reqidBase', reqidBase, fixedReqids.first, fixedReqids.last);
  checkRange('leastPathMtu', leastPathMtu, leastPathMtuRange.first, leastPathMtuRange.last);
  checkRange('pathMtuSeconds', pathMtuSeconds, pathMtuSecondsRange.first, pathMtuSecondsRange.last);
}

function checkRange(field: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new IpsecError('INTERFACE_OPTION', `${field} ${value} is not from ${least} to ${most}`, { field });
}
