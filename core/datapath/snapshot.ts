/**
 * The immutable state that the datapath decides by: compiled from interfaces, SPD and SAD by the control plane,
 * sent whole to each worker, replaced on change (design §1). Plain data: it crosses threads by structured clone.
 *
 * No key bytes: an association names its transform by handle.
 * @module
 */

/** What the interface's own policy for one inner family says (netbsd-ipsecif §2.1). */
export type SnapshotPolicy = {
  readonly action: 'protect' | 'discard';
  /** spid of the outbound policy, for acquire events. */
  readonly outboundSpid: number;
  /** The association to send on: `SnapshotAssociation.id`, or -1 while there is none. */
  readonly outboundAssociation: number;
  /** reqid that an inbound association must have; 0 accepts any (link0's level require). */
  readonly inboundReqid: number;
};

/** The outer addresses of a configured interface. */
export type SnapshotOuter = {
  readonly family: 4 | 6;
  /** 16 bytes; IPv4 in the first four. */
  readonly local: Uint8Array;
  readonly peer: Uint8Array;
  /** 0: not set, any port is accepted (netbsd-ipsecif §5, last point). */
  readonly localPort: number;
  readonly peerPort: number;
};

/** One ipsecif interface. */
export type SnapshotInterface = {
  /** Index of its counters; 0 is reserved for what belongs to no interface. */
  readonly slot: number;
  readonly name: string;
  readonly tun: number;
  readonly isUp: boolean;
  readonly mtu: number;
  /** link1 (RFC 6040 normal mode). */
  readonly isEcnFriendly: boolean;
  /** link2. */
  readonly forwardsIpv6: boolean;
  /** TTL or hop limit of the outer header (ipsecif.c: 64 unless set otherwise). */
  readonly outerTtl: number;
  /** DF of an outer IPv4 header (RFC 4301 §8.1). */
  readonly dontFragment: 'clear' | 'set' | 'copy';
  /** Outer IPv6: off, packets are fragmented to 1280 bytes; on, the path MTU counts (sysctl ipsecifpmtu). */
  readonly pathMtuDiscovery: boolean;
  /** NAT-T: whether an authentic, newer packet from another address or port moves the peer there (RFC 7296 §2.23). */
  readonly followsPeer: boolean;
  /** NAT-T: whether keepalives are sent while nothing else is (RFC 3948 §4). */
  readonly keepalives: boolean;
  /** Inner packets are padded to a multiple of so many bytes, or to the MTU where that is less (RFC 4303 §2.7); 0: not. */
  readonly tfcMultiple: number;
  /** Dummy packets to send in each second (RFC 4303 §2.6). */
  readonly dummiesPerSecond: number;
  /** Whether inner senders hear by ICMP of packets that are kept back (RFC 4301 §5.1.1). */
  readonly answersRefused: boolean;
  readonly outer: SnapshotOuter | null;
  readonly ipv4: SnapshotPolicy | null;
  readonly ipv6: SnapshotPolicy | null;
};

/** Inner packets that an association may carry (RFC 4301 §4.4.1.1), by their addresses. */
export type SnapshotSelector = {
  readonly family: 4 | 6;
  /** 16 bytes; IPv4 in the first four. Bits behind the prefix do not matter. */
  readonly source: Uint8Array;
  readonly sourceLength: number;
  readonly destination: Uint8Array;
  readonly destinationLength: number;
};

/** One security association, as the datapath sees it. */
export type SnapshotAssociation = {
  /** Never used twice in one process. */
  readonly id: number;
  /** Index of its counters. */
  readonly slot: number;
  readonly spi: number;
  readonly transform: number;
  readonly family: 4 | 6;
  /** Outer source and destination, 16 bytes; IPv4 in the first four. */
  readonly source: Uint8Array;
  readonly destination: Uint8Array;
  /** UDP encapsulation (RFC 3948), or null for plain ESP. */
  readonly udp: { readonly sourcePort: number; readonly destinationPort: number } | null;
  /**
   * Inbound, for an association of plain ESP: whether UDP-encapsulated packets are accepted too, as RFC 7296 §2.23
   * demands where IKE negotiated it. Associations made by hand are taken at their word. Default false.
   */
  readonly acceptsEncapsulated?: boolean;
  readonly reqid: number;
  readonly ivBytes: number;
  readonly icvBytes: number;
  /** Alignment of the ciphertext: max(4, cipher block). */
  readonly blockBytes: number;
  /** Whether the explicit IV is a counter; then `ivHighs` are the reserved high words, used in order (checklist 163). */
  readonly hasCounterIv: boolean;
  readonly ivHighs: readonly number[];
  readonly hasEsn: boolean;
  /** Packets; 0 turns the check off. */
  readonly replayWindow: number;
  /** Inbound: memory of the window where several workers receive (sharing/shared-window.ts). */
  readonly sharedWindow?: SharedArrayBuffer;
  /** Last sequence number used before this process took the SA over; 0 for a new one. */
  readonly initialSequence: number;
  /** Whether the padding must read 1, 2, 3 … (RFC 4303 §2.4); off for zero-pad and random-pad. */
  readonly checksPadding: boolean;
  /** 0: unlimited. */
  readonly hardBytes: number;
  readonly hardPackets: number;
  /** Socket to send from; -1 for an inbound association. */
  readonly socket: number;
  /**
   * Inbound: inner packets must fit one of these (RFC 4301 §5.2 step 4). Left out, the interface's policy alone decides:
   * ipsecif's associations carry whatever is routed into the interface.
   */
  readonly selectors?: readonly SnapshotSelector[];
  /** Outbound with `udp`: inner packets that with an outer IP header are larger are cut before ESP (`-esp_frag`). */
  readonly fragmentBytes?: number;
  /** Outbound with `udp`: where the peer is now, when it was followed away from `destination` (RFC 7296 §2.23). */
  readonly movedTo?: SnapshotEndpoint | null;
};

/** An address and a UDP port. */
export type SnapshotEndpoint = {
  /** 16 bytes; IPv4 in the first four. */
  readonly address: Uint8Array;
  readonly port: number;
};

/** A socket that the inbound worker listens on. */
export type SnapshotSocket = {
  readonly token: number;
  /** `icmp` hears ICMP errors that come for the address. */
  readonly kind: 'esp' | 'udp' | 'icmp';
  readonly family: 4 | 6;
  /** 16 bytes; IPv4 in the first four. */
  readonly localAddress: Uint8Array;
  /** 0 for raw sockets. */
  readonly localPort: number;
};

/** What is done about ICMP errors that nobody vouches for (RFC 4301 §6.1.1), and about what they tell of paths. */
export type SnapshotIcmp = {
  readonly acceptsTooBig: boolean;
  readonly acceptsUnreachable: boolean;
  readonly acceptsTimeExceeded: boolean;
  readonly acceptsParameterProblem: boolean;
  /** No ICMP brings the MTU of an IPv4 path below it; over IPv6 it is 1280. */
  readonly leastPathMtu: number;
  /** How long what ICMP told about a path is believed (RFC 4301 §8.2.2). */
  readonly pathMtuSeconds: number;
};

/** Heeds nothing: for tests and captures, which name none. */
export const unheededIcmp: SnapshotIcmp = {
  acceptsTooBig: false,
  acceptsUnreachable: false,
  acceptsTimeExceeded: false,
  acceptsParameterProblem: false,
  leastPathMtu: 576,
  pathMtuSeconds: 600,
};

/** Everything the workers decide by. */
export type Snapshot = {
  /** Rises by one with each snapshot; workers acknowledge it. */
  readonly version: number;
  readonly interfaces: readonly SnapshotInterface[];
  readonly outbound: readonly SnapshotAssociation[];
  readonly inbound: readonly SnapshotAssociation[];
  readonly sockets: readonly SnapshotSocket[];
  /**
   * Where inbound packets go whose outer source and ports are no interface's; its own `outer` must be set and does not
   * matter. Left out, as a gateway does, they are dropped; a capture has associations and no interfaces.
   */
  readonly catchAll?: SnapshotInterface;
  /** Whether suspicious ECN marks are logged (RFC 6040 §4.2: it must be possible to turn that off). Default true. */
  readonly logsEcn?: boolean;
  /** Left out: no ICMP error is heeded. */
  readonly icmp?: SnapshotIcmp;
  /** Whether auditable drops are told one by one (RFC 4303 §4: it must be possible to turn that off). Default false. */
  readonly auditsDrops?: boolean;
};

/** What is told of a dropped packet, as far as it was known when it was dropped. */
export type AuditedDrop = {
  /** Number of the reason. */
  readonly reason: number;
  /** 0 where no interface was known. */
  readonly interfaceSlot: number;
  readonly family: 4 | 6;
  /** Outer addresses, 16 bytes; IPv4 in the first four. */
  readonly source: Uint8Array;
  readonly destination: Uint8Array;
  readonly spi: number | null;
  /** The whole number where it was inferred, or the 32 bits on the wire. */
  readonly sequence: number | null;
  /** Of the outer IPv6 header inbound, of the inner one outbound (RFC 4303 §3.3.3). */
  readonly flowLabel: number | null;
  /** Drops of this reason and interface since the last that was told, this one included. */
  readonly packets: number;
};

/** Whether two lists have the same rows in the same order: rows that stay are the same objects (DeltaReader, SnapshotCompiler). */
export function hasSameRows<Row>(left: readonly Row[], right: readonly Row[]): boolean {
  return left === right || (left.length === right.length && left.every((row, index) => row === right[index]));
}

/** What a worker tells the control plane. */
export type DatapathEvent =
  | { readonly kind: 'applied'; readonly version: number; readonly direction: 'inbound' | 'outbound' }
  /** No association for an outbound packet (PF_KEY ACQUIRE); at most one a second and policy. */
  | { readonly kind: 'acquire'; readonly interfaceSlot: number; readonly spid: number }
  /** The last reserved IV high word is half used. */
  | { readonly kind: 'iv-needed'; readonly association: number }
  /** The association refuses to send: sequence number, byte or packet limit. */
  | { readonly kind: 'exhausted'; readonly association: number; readonly reason: string }
  /**
   * An authentic, newer packet of an association came from another place than before, and the interface follows its
   * peer (RFC 7296 §2.23); at most one a second and association.
   */
  | {
      readonly kind: 'peer-moved';
      readonly interfaceSlot: number;
      readonly association: number;
      readonly peer: SnapshotEndpoint;
    }
  /** Somebody else has deleted the device of this token. */
  | { readonly kind: 'device-gone'; readonly tun: number }
  /** A drop that is an auditable event (RFC 4303 §4, RFC 4301 §5.2), within the rates of drop-audit.ts. */
  | { readonly kind: 'audit'; readonly drop: AuditedDrop }
  /** A line for the log, rate-limited by the sender: nesting (if.c), ECN (RFC 6040 §4.2). */
  | { readonly kind: 'log'; readonly message: string };
