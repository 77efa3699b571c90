/**
 * Where the IP packet begins in a captured frame, by the link type of its interface (the LINKTYPE_ list of tcpdump.org).
 *
 *     Ethernet   destination, 6 | source, 6 | EtherType, 2; behind a VLAN tag, 4 bytes, the real EtherType (IEEE 802.1Q)
 *                a length instead of an EtherType: LLC AA AA 03 | 00 00 00 | EtherType (RFC 1042)
 *     SLL        packet type, 2 | ARPHRD, 2 | address length, 2 | address, 8 | EtherType, 2
 *     SLL2       EtherType, 2 | 0, 2 | interface, 4 | ARPHRD, 2 | packet type, 1 | address length, 1 | address, 8
 *     NULL, LOOP address family, 4: in the byte order of the host that captured; in network order
 *
 * Not here: the IP header (outer-packet.ts).
 * @module
 */
import { readU16, readU32 } from '#core/base/bytes.ts';
import { readWord32 } from './word-order.ts';

/** Link types that are read. */
export const LinkType = {
  null: 0,
  ethernet: 1,
  /** DLT_RAW where it was written to files as it is: most systems, and OpenBSD. */
  dltRaw: 12,
  dltRawOpenBsd: 14,
  raw: 101,
  loop: 108,
  linuxSll: 113,
  ipv4: 228,
  ipv6: 229,
  linuxSll2: 276,
} as const;

/** An IP packet in a frame. */
export type FoundIp = { readonly family: 4 | 6; readonly offset: number };

const EtherType = { ipv4: 0x0800, ipv6: 0x86dd } as const;
/** 802.1Q, 802.1ad, and what was used for stacked tags before it. */
const vlanTags: readonly number[] = [0x8100, 0x88a8, 0x9100, 0x9200];
/** From here on the field is a type, below it a length (IEEE 802.3). */
const firstEtherType = 0x0600;
const ethernetBytes = 14;
const vlanTagBytes = 4;
const snapBytes = 8;
const sllBytes = 16;
const sll2Bytes = 20;
const familyBytes = 4;
const familyIpv4 = 2;
/** AF_INET6 of Linux, of NetBSD and OpenBSD, of FreeBSD, of macOS. */
const familiesIpv6: readonly number[] = [10, 24, 28, 30];

/** Whether frames of this link type can be read. */
export function isKnownLinkType(linkType: number): boolean {
  return Object.values<number>(LinkType).includes(linkType);
}

/** The IP packet in `frame`; null for other protocols, broken frames and link types that are not known. */
export function findIpPacket(linkType: number, frame: Uint8Array): FoundIp | null {
  switch (linkType) {
    case LinkType.ethernet:
      return frame.length < ethernetBytes ? null : findByEtherType(frame, ethernetBytes - 2);
    case LinkType.linuxSll:
      return frame.length < sllBytes ? null : findByEtherType(frame, sllBytes - 2);
    case LinkType.linuxSll2:
      return frame.length < sll2Bytes ? null : findBehindSll2(frame);
    case LinkType.null:
    case LinkType.loop:
      return findByFamily(linkType, frame);
    case LinkType.ipv4:
      return { family: 4, offset: 0 };
    case LinkType.ipv6:
      return { family: 6, offset: 0 };
    case LinkType.raw:
    case LinkType.dltRaw:
    case LinkType.dltRawOpenBsd:
      return findByVersion(frame);
    default:
      return null;
  }
}

/** `at` is the offset of an EtherType, behind which the packet lies. Each tag moves it on, so the loop ends. */
function findByEtherType(frame: Uint8Array, at: number): FoundIp | null {
  while (at + 2 <= frame.length) {
    const type = readU16(frame, at);
    const offset = at + 2;
    if (vlanTags.includes(type)) at += vlanTagBytes;
    else if (type < firstEtherType && isSnap(frame, offset)) at = offset + snapBytes - 2;
    else return makeFound(type, offset);
  }
  return null;
}

function findBehindSll2(frame: Uint8Array): FoundIp | null {
  const type = readU16(frame, 0);
  return vlanTags.includes(type) ? findByEtherType(frame, sll2Bytes + 2) : makeFound(type, sll2Bytes);
}

function isSnap(frame: Uint8Array, at: number): boolean {
  return at + snapBytes <= frame.length && readU32(frame, at) === 0xaaaa0300 && readU16(frame, at + 4) === 0;
}

function makeFound(etherType: number, offset: number): FoundIp | null {
  if (etherType === EtherType.ipv4) return { family: 4, offset };
  return etherType === EtherType.ipv6 ? { family: 6, offset } : null;
}

function findByFamily(linkType: number, frame: Uint8Array): FoundIp | null {
  if (frame.length < familyBytes) return null;
  const family = readU32(frame, 0);
  // A host that captured in the other order has its small number in the first byte.
  const number = linkType === LinkType.null && family > 0xffff ? readWord32(frame, 0, true) : family;
  if (number === familyIpv4) return { family: 4, offset: familyBytes };
  return familiesIpv6.includes(number) ? { family: 6, offset: familyBytes } : null;
}

function findByVersion(frame: Uint8Array): FoundIp | null {
  const version = frame.length === 0 ? 0 : frame[0]! >>> 4;
  return version === 4 || version === 6 ? { family: version, offset: 0 } : null;
}
