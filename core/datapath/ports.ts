/**
 * What the datapath loops need of the machine: TUN devices and the wire, in batches over caller-owned arenas.
 * The Linux host implements them with the native package, the in-memory host with queues.
 *
 * Tokens are small integers that the host gives out (descriptors on Linux).
 * @module
 */

/** Columns of one packet read from a TUN device. Int32 each. */
export const TunReadRow = {
  /** Offset of the IP header in the arena. */
  offset: 0,
  length: 1,
  /** virtio-net gso_type: 0 none, 1 TCPv4, 4 TCPv6, 5 UDP_L4. */
  gsoType: 2,
  gsoSize: 3,
  /** 1 when the L4 checksum is partial (virtio NEEDS_CSUM). */
  needsChecksum: 4,
  csumStart: 5,
  csumOffset: 6,
  stride: 7,
} as const;

/** Columns of one packet to write to a TUN device. */
export const TunWriteRow = {
  /** Token of the device. */
  tun: 0,
  offset: 1,
  length: 2,
  /** What `OpenRow.outSum` says of the packet; 0 for not known. Spares the device adding it up before it merges. */
  sum: 3,
  /**
   * Packets that lie joined from `offset` on, as `OpenRow.outJoined` says; `length` and `sum` are those of the first. 1 or less
   * for a single one.
   */
  packets: 4,
  /** Out: 0, or a negative errno. Of joined packets, how many were refused where some were taken. */
  result: 5,
  stride: 6,
} as const;

/** Columns of one run of ESP packets to send: equal sizes back to back, only the last may be shorter. */
export const SendRow = {
  /** Token of the socket. */
  socket: 0,
  offset: 1,
  /** Bytes of the whole run. */
  length: 2,
  segmentBytes: 3,
  /** Index into the address table: entry n is at byte n * `AddressEntry.stride`. */
  address: 4,
  /** Outer TOS or traffic class. */
  tos: 5,
  /** Bits of `SendFlag`. */
  flags: 6,
  /** TTL or hop limit of the outer header. */
  ttl: 7,
  /** Out: packets sent, or a negative errno when none was. */
  result: 8,
  stride: 9,
} as const;

/** Bits of `SendRow.flags`. */
export const SendFlag = {
  /** One packet a datagram, no segmentation offload. */
  noOffload: 1,
  /** Set DF on an outer IPv4 header. A packet that is larger than the path is then refused, not fragmented. */
  dontFragment: 2,
  /** Outer IPv6: fragment to 1280 bytes, whatever the path carries (RFC 8200 §5). */
  minimumMtu: 4,
} as const;

/** One entry of an address table: where to send, or where from. Bytes, network order. */
export const AddressEntry = {
  /** 16 bytes; IPv4 in the first four, the rest zero. */
  address: 0,
  /** 2 bytes; 0 for raw ESP. */
  port: 16,
  /** 1 byte: 4 or 6. */
  family: 18,
  stride: 20,
} as const;

/** Columns of one message received: one datagram, or several of equal size merged by UDP GRO. */
export const ReceiveRow = {
  offset: 0,
  length: 1,
  /** Bytes of each datagram but the last; equal to `length` for a single one. */
  segmentBytes: 2,
  /** Outer TOS or traffic class. -1 when the socket gives an IPv4 header in front (raw ESP). */
  tos: 3,
  /** 1 when the message did not fit its slot. */
  truncated: 4,
  /** Flow label of an outer IPv6 header; -1 where the socket does not tell. */
  flowLabel: 5,
  stride: 6,
} as const;

/** Room that one received message needs in the arena: a merged datagram has up to 64 KiB. */
export const receiveSlotBytes = 65536;

/** TUN devices. */
export type TunPort = {
  /** Whether `write` takes packets that lie joined. */
  readonly takesJoined?: boolean;
  /**
   * Read what is there, without waiting, packed into `arena` from its start; at most `maxPackets`, and only while a
   * whole 64 KiB packet still fits. Returns the number of rows filled, or a negative errno.
   */
  read(tun: number, arena: Uint8Array, rows: Int32Array, maxPackets: number): number;
  /** Write `count` packets in order per flow; TCP and UDP runs may be merged. `arena` may be modified. */
  write(rows: Int32Array, count: number, arena: Uint8Array): void;
};

/** ESP and UDP-encapsulation sockets. */
export type WirePort = {
  /**
   * Receive what is there, without waiting. Message n lies at `n * receiveSlotBytes`; its sender is entry n of
   * `senders`. A raw ESP socket of IPv4 gives the outer IPv4 header in front, all others only the payload.
   * Returns the number of rows filled, or a negative errno.
   */
  receive(socket: number, arena: Uint8Array, rows: Int32Array, senders: Uint8Array, maxMessages: number): number;
  /** Send `count` runs, waiting at most briefly when the kernel's buffer is full. */
  send(rows: Int32Array, count: number, arena: Uint8Array, addresses: Uint8Array): void;
  /**
   * MTU of the route from the socket to entry `address` of a table, in bytes, as the system knows it now, without what
   * ICMP told it: path-mtu.ts weighs that. Not positive when it does not know.
   */
  pathMtu(socket: number, addresses: Uint8Array, address: number): number;
};
