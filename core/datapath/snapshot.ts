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
  readonly outer: SnapshotOuter | null;
  readonly ipv4: SnapshotPolicy | null;
  readonly ipv6: SnapshotPolicy | null;
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
  /** Last sequence number used before this process took the SA over; 0 for a new one. */
  readonly initialSequence: number;
  /** Whether the padding must read 1, 2, 3 … (RFC 4303 §2.4); off for zero-pad and random-pad. */
  readonly checksPadding: boolean;
  /** 0: unlimited. */
  readonly hardBytes: number;
  readonly hardPackets: number;
  /** Socket to send from; -1 for an inbound association. */
  readonly socket: number;
};

/** A socket that the inbound worker listens on. */
export type SnapshotSocket = {
  readonly token: number;
  readonly kind: 'esp' | 'udp';
  readonly family: 4 | 6;
  /** 16 bytes; IPv4 in the first four. */
  readonly localAddress: Uint8Array;
  /** 0 for raw ESP. */
  readonly localPort: number;
};

/** Everything the workers decide by. */
export type Snapshot = {
  /** Rises by one with each snapshot; workers acknowledge it. */
  readonly version: number;
  readonly interfaces: readonly SnapshotInterface[];
  readonly outbound: readonly SnapshotAssociation[];
  readonly inbound: readonly SnapshotAssociation[];
  readonly sockets: readonly SnapshotSocket[];
};

/** What a worker tells the control plane. */
export type DatapathEvent =
  | { readonly kind: 'applied'; readonly version: number; readonly direction: 'inbound' | 'outbound' }
  /** No association for an outbound packet (PF_KEY ACQUIRE); at most one a second and policy. */
  | { readonly kind: 'acquire'; readonly interfaceSlot: number; readonly spid: number }
  /** The last reserved IV high word is half used. */
  | { readonly kind: 'iv-needed'; readonly association: number }
  /** The association refuses to send: sequence number, byte or packet limit. */
  | { readonly kind: 'exhausted'; readonly association: number; readonly reason: string }
  /** A line for the log, rate-limited by the sender: netbsd-ipsecif §3.1 nesting. */
  | { readonly kind: 'log'; readonly message: string };
