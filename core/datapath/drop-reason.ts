/**
 * The registry of reasons why a packet is not passed on. A drop is a number, never an exception (style rule 33);
 * every reason has a counter per interface that the CLI and the window show.
 *
 * `isError` is false for what is silently and rightly ignored. Numbers are positions in this table;
 * hot code returns `-reason`.
 * @module
 */

/** One row of the registry. */
export type DropReasonRow = {
  readonly number: number;
  readonly direction: 'inbound' | 'outbound';
  readonly isError: boolean;
  /** What happened, for people. */
  readonly label: string;
  /** The section that demands it. */
  readonly source: string;
  /** For an auditable event: the section that makes it one (drop-audit.ts). */
  readonly audit?: string;
};

/** Every reason. Numbers start at 1; 0 means "passed". */
// prettier-ignore
export const dropReasons = {
  // inbound, in the order of the stages
  ipHeader: { number: 1, direction: 'inbound', isError: true, label: 'outer IP header invalid', source: 'RFC 791 §3.1' },
  fragment: { number: 2, direction: 'inbound', isError: true, label: 'outer fragment offered to ESP', source: 'RFC 4303 §3.4.1', audit: 'RFC 4303 §3.4.1' },
  natKeepalive: { number: 3, direction: 'inbound', isError: false, label: 'NAT keepalive', source: 'RFC 3948 §2.3' },
  udpShort: { number: 4, direction: 'inbound', isError: true, label: 'UDP payload too short', source: 'RFC 3948 §2.1' },
  toIke: { number: 5, direction: 'inbound', isError: false, label: 'IKE message, no key daemon attached', source: 'RFC 3948 §2.2' },
  hdrTooShort: { number: 6, direction: 'inbound', isError: true, label: 'shorter than an ESP packet', source: 'RFC 4303 §2' },
  noSa: { number: 7, direction: 'inbound', isError: true, label: 'no association for this SPI', source: 'RFC 4303 §3.4.2', audit: 'RFC 4303 §3.4.2' },
  expiredIn: { number: 8, direction: 'inbound', isError: true, label: 'association past its hard lifetime', source: 'RFC 4301 §4.4.2.1' },
  encapsulation: { number: 9, direction: 'inbound', isError: true, label: 'plain or UDP-encapsulated, unlike the association', source: 'RFC 3948 §2.1', audit: 'RFC 4303 §3.4.2' },
  seqZero: { number: 10, direction: 'inbound', isError: true, label: 'sequence number 0', source: 'RFC 4303 §3.3.3', audit: 'RFC 4303 §3.4.3' },
  replayOld: { number: 11, direction: 'inbound', isError: true, label: 'left of the replay window', source: 'RFC 4303 §3.4.3', audit: 'RFC 4303 §3.4.3' },
  replayDup: { number: 12, direction: 'inbound', isError: true, label: 'received before', source: 'RFC 4303 §3.4.3', audit: 'RFC 4303 §3.4.3' },
  esnRange: { number: 13, direction: 'inbound', isError: true, label: 'no valid extended sequence number', source: 'RFC 4303 §A2.2', audit: 'RFC 4303 §3.4.3' },
  lenAlign: { number: 14, direction: 'inbound', isError: true, label: 'ciphertext not a multiple of the block', source: 'RFC 4303 §2.4' },
  authFail: { number: 15, direction: 'inbound', isError: true, label: 'integrity check failed', source: 'RFC 4303 §3.4.4', audit: 'RFC 4303 §3.4.4' },
  padLength: { number: 16, direction: 'inbound', isError: true, label: 'pad length larger than the packet', source: 'RFC 4303 §2.5' },
  padBytes: { number: 17, direction: 'inbound', isError: true, label: 'padding is not 1, 2, 3 …', source: 'RFC 4303 §2.4' },
  dummy: { number: 18, direction: 'inbound', isError: false, label: 'dummy packet', source: 'RFC 4303 §2.6' },
  nextHeader: { number: 19, direction: 'inbound', isError: true, label: 'next header is not IPv4 or IPv6', source: 'RFC 4303 §2.6' },
  innerShort: { number: 20, direction: 'inbound', isError: true, label: 'inner packet cut short', source: 'RFC 4301 §5.2' },
  innerVersion: { number: 21, direction: 'inbound', isError: true, label: 'inner version unlike the next header', source: 'RFC 4301 §5.2' },
  innerHeader: { number: 22, direction: 'inbound', isError: true, label: 'inner header invalid', source: 'RFC 791 §3.1' },
  outerMismatch: { number: 23, direction: 'inbound', isError: true, label: 'outer addresses or ports fit no interface', source: 'if_ipsec.c', audit: 'RFC 4301 §5.2 step 4' },
  interfaceDown: { number: 24, direction: 'inbound', isError: true, label: 'interface is down', source: 'ipsecif.c' },
  policy: { number: 25, direction: 'inbound', isError: true, label: 'inbound policy violated', source: 'RFC 4301 §5.2 step 4', audit: 'RFC 4301 §5.2 step 4' },
  ipv6Disabled: { number: 26, direction: 'inbound', isError: true, label: 'inner IPv6 while link2 is off', source: 'ipsec.c' },
  ecn: { number: 27, direction: 'inbound', isError: true, label: 'outer CE on an inner packet without ECN', source: 'RFC 6040 §4.2' },
  tunWrite: { number: 28, direction: 'inbound', isError: true, label: 'the device refused the packet', source: 'tun(4)' },
  truncated: { number: 29, direction: 'inbound', isError: true, label: 'longer than the receive slot', source: 'RFC 791 §3.1' },
  // outbound
  outInnerHeader: { number: 30, direction: 'outbound', isError: true, label: 'inner header invalid', source: 'RFC 791 §3.1' },
  outNesting: { number: 31, direction: 'outbound', isError: true, label: 'nested too deep', source: 'if.c' },
  outInterfaceDown: { number: 32, direction: 'outbound', isError: true, label: 'interface is down', source: 'if_ipsec.c' },
  outNotConfigured: { number: 33, direction: 'outbound', isError: true, label: 'no tunnel configured', source: 'if_ipsec.c' },
  outIpv6Disabled: { number: 34, direction: 'outbound', isError: false, label: 'inner IPv6 while link2 is off', source: 'if_ipsec.c' },
  outTooBig: { number: 35, direction: 'outbound', isError: true, label: 'larger than the MTU of interface or path', source: 'RFC 4301 §8.2.1' },
  outOuterAddress: { number: 36, direction: 'outbound', isError: true, label: 'outer address unusable', source: 'ipsecif.c' },
  outPolicy: { number: 37, direction: 'outbound', isError: true, label: 'outbound policy says discard', source: 'RFC 4301 §5.1' },
  outNoSa: { number: 38, direction: 'outbound', isError: true, label: 'no association to send on', source: 'RFC 4301 §5.1' },
  outSeqOverflow: { number: 39, direction: 'outbound', isError: true, label: 'sequence numbers used up', source: 'RFC 4303 §3.3.3', audit: 'RFC 4303 §3.3.3' },
  outExpired: { number: 40, direction: 'outbound', isError: true, label: 'association past its hard lifetime', source: 'RFC 4301 §4.4.2.1' },
  outIvExhausted: { number: 41, direction: 'outbound', isError: true, label: 'no reserved IV left', source: 'RFC 4106 §3.1' },
  outSegmentation: { number: 42, direction: 'outbound', isError: true, label: 'offload fields do not fit the packet', source: 'virtio-net' },
  outEngine: { number: 43, direction: 'outbound', isError: true, label: 'the transform refused the packet', source: 'RFC 4303 §3.3.2' },
  outSend: { number: 44, direction: 'outbound', isError: true, label: 'the socket refused the packet', source: 'socket(7)' },
  // added later: numbers are never given twice
  clearText: { number: 46, direction: 'inbound', isError: true, label: 'clear-text IP in IP', source: 'RFC 4301 §5.2 step 3', audit: 'RFC 4301 §5.2 step 3' },
  icmpTaken: { number: 47, direction: 'inbound', isError: false, label: 'ICMP error about our packets, heeded', source: 'RFC 4301 §6.1.1' },
  icmpRefused: { number: 48, direction: 'inbound', isError: false, label: 'ICMP error of a type that is switched off', source: 'RFC 4301 §6.1.1' },
  icmpForeign: { number: 49, direction: 'inbound', isError: false, label: 'ICMP about other traffic of the host', source: 'RFC 4301 §6.1.1' },
  icmpForged: { number: 50, direction: 'inbound', isError: true, label: 'ICMP error that fits no recent packet of ours', source: 'RFC 8201 §4' },
  icmpQuote: { number: 51, direction: 'inbound', isError: true, label: 'inner ICMP error about a packet that the association may not carry', source: 'RFC 4301 §6.2', audit: 'RFC 4301 §6.2' },
  outRouteLoop: { number: 45, direction: 'outbound', isError: true, label: 'routed into its own tunnel', source: 'ipsecif.c' },
} as const satisfies Record<string, DropReasonRow>;

/** Name of a reason. */
export type DropReasonName = keyof typeof dropReasons;

/** One more than the highest number: the length of a counter array. */
export const dropReasonCount = Math.max(...Object.values(dropReasons).map((row) => row.number)) + 1;

/** The name for a number; null for 0 and unknown numbers. */
export function dropReasonName(number: number): DropReasonName | null {
  for (const name in dropReasons) {
    if (dropReasons[name as DropReasonName].number === number) return name as DropReasonName;
  }
  return null;
}
