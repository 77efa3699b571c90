/**
 * Numbers of the IANA registry "Protocol Numbers" that Culvert speaks of.
 * @module
 */

/** IP protocol and next-header numbers. */
export const IpProtocol = {
  icmp: 1,
  /** IPv4 in something (RFC 2003). */
  ipv4: 4,
  tcp: 6,
  udp: 17,
  /** IPv6 in something (RFC 2473). */
  ipv6: 41,
  /** IPv6 fragment header (RFC 8200 §4.5). */
  ipv6Fragment: 44,
  /** RFC 4303 §2. */
  esp: 50,
  icmpv6: 58,
  /** No next header; in an ESP trailer a dummy packet (RFC 4303 §2.6). */
  none: 59,
} as const;
