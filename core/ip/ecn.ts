/**
 * Explicit Congestion Notification through a tunnel (RFC 6040): what the outer header gets at ingress, and what the
 * inner header becomes at egress. Works on the whole TOS or traffic class octet; DSCP is copied outward by ingress
 * and never inward (RFC 4301 §5.1.2.2 note 9).
 *
 * Not here: the ECN modes of RFC 3168 and of NetBSD's ip_ecn.c, which RFC 6040 replaces; docs/conformance.md says why.
 * @module
 */
import { ipv4ChecksumAt, ipv4Tos, ipVersion } from './ipv4.ts';
import { ipv6TrafficClass, writeIpv6TrafficClass } from './ipv6.ts';
import { replaceWord } from './checksum.ts';

/** The two low bits of TOS and traffic class (RFC 3168 §5). */
const Ecn = { notEct: 0, ect1: 1, ect0: 2, ce: 3 } as const;

/** The bits of ECN in TOS and traffic class. */
export const ecnMask = 0x03;

/** What egress answers: bits 0 and 1 are the new inner ECN, the others these flags. */
export const EcnEgress = {
  /** The packet is to be dropped: outer CE on an inner packet whose sender does not know ECN. */
  drop: 4,
  /** RFC 6040's (!): unused so far and possibly dangerous; worth a counter. */
  unusual: 8,
  /** RFC 6040's (!!!): unused so far and always potentially dangerous; worth a counter, perhaps an alarm. */
  dangerous: 16,
  /** The inner packet is marked CE by the outer one: congestion on the way, for its sender to hear of. */
  congestion: 32,
} as const;

/**
 * RFC 6040 §4.2, figure 4. Rows are the inner field, columns the outer one, both in the order of the bits:
 * Not-ECT, ECT(1), ECT(0), CE.
 */
const egressTable = Uint8Array.of(
  // inner Not-ECT: never becomes anything else
  Ecn.notEct,
  Ecn.notEct | EcnEgress.dangerous,
  Ecn.notEct | EcnEgress.dangerous,
  Ecn.notEct | EcnEgress.dangerous | EcnEgress.drop,
  // inner ECT(1)
  Ecn.ect1,
  Ecn.ect1,
  Ecn.ect1 | EcnEgress.unusual,
  Ecn.ce | EcnEgress.congestion,
  // inner ECT(0)
  Ecn.ect0,
  Ecn.ect1,
  Ecn.ect0,
  Ecn.ce | EcnEgress.congestion,
  // inner CE: congestion once marked stays marked
  Ecn.ce,
  Ecn.ce | EcnEgress.dangerous,
  Ecn.ce,
  Ecn.ce,
);

/** Outer TOS in normal mode (RFC 6040 §4.1): the inner one as it is. ipsecif's link1 chooses it. */
export function normalIngressTos(innerTos: number): number {
  return innerTos;
}

/** Outer TOS in compatibility mode (RFC 6040 §4.1): DSCP copied, ECN cleared to Not-ECT. */
export function compatibilityIngressTos(innerTos: number): number {
  return innerTos & ~ecnMask;
}

/** What the inner field becomes: the new ECN bits with the flags of `EcnEgress`. Only the low two bits of both count. */
export function egressEcn(innerTos: number, outerTos: number): number {
  return egressTable[((innerTos & ecnMask) << 2) | (outerTos & ecnMask)]!;
}

/**
 * Apply egress to the inner packet at `offset`, in place, IPv4 header checksum included.
 * Returns what `egressEcn` says; with `EcnEgress.drop` set the packet is unchanged.
 */
export function applyEcnEgress(bytes: Uint8Array, offset: number, outerTos: number): number {
  const isIpv4 = ipVersion(bytes, offset) === 4;
  const innerTos = isIpv4 ? ipv4Tos(bytes, offset) : ipv6TrafficClass(bytes, offset);
  const verdict = egressEcn(innerTos, outerTos);
  const newTos = (innerTos & ~ecnMask) | (verdict & ecnMask);
  if (newTos === innerTos) return verdict;
  if (isIpv4) replaceWord(bytes, offset, (bytes[offset]! << 8) | newTos, offset + ipv4ChecksumAt);
  else writeIpv6TrafficClass(bytes, offset, newTos);
  return verdict;
}
