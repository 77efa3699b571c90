/**
 * The port to the engines that seal and open ESP packets (RFC 4303 §3.3.2, §3.4.4), whole batches at a time.
 *
 * Two engines implement it, byte for byte alike: the native one (core/tun-tap) and the portable one
 * (portable-transform.ts). They get resolved numbers and key bytes, never an algorithm name (style rule 36).
 * The column layouts of their jobs stand below.
 * @module
 */

/** What the padding octets hold (RFC 4303 §2.4; setkey's `-f seq-pad | zero-pad | random-pad`). */
export const paddingKinds = { sequential: 0, zero: 1, random: 2 } as const;

/** One of `paddingKinds`. */
export type PaddingKind = (typeof paddingKinds)[keyof typeof paddingKinds];

/** A suite with its keys, resolved from the registry's rows. The engine copies the key bytes. */
export type TransformSpec = {
  /** IANA IKEv2 transform id of the encryption algorithm (type 1), e.g. 20 for AES-GCM-16. */
  readonly encryptionId: number;
  /** IANA IKEv2 transform id of the integrity algorithm (type 3); 0 for none. */
  readonly integrityId: number;
  /** Cipher key without salt, bytes. */
  readonly key: Uint8Array;
  /** Implicit salt of the nonce; empty where the cipher has none. */
  readonly salt: Uint8Array;
  /** Integrity key; empty where there is none. */
  readonly integrityKey: Uint8Array;
  readonly padding: PaddingKind;
};

/**
 * Columns of one seal job. Int32 each; 32-bit unsigned values are stored as their bit pattern.
 * A job is one inner packet or one TCP/UDP super-packet, which becomes `segmentCount` ESP packets back to back.
 */
export const SealRow = {
  /** Offset of the inner packet in the source arena. */
  sourceOffset: 0,
  sourceLength: 1,
  transform: 2,
  spi: 3,
  /** Sequence number of the first segment; the engine adds one per segment. */
  sequenceLow: 4,
  sequenceHigh: 5,
  /** Explicit IV of the first segment where the suite is a counter mode; one more per segment. Ignored by CBC, whose IVs are random. */
  ivLow: 6,
  ivHigh: 7,
  /** Next header of the ESP trailer: 4, 41 or 59. */
  nextHeader: 8,
  /** virtio-net gso_type: 0 none, 1 TCPv4, 4 TCPv6, 5 UDP_L4. */
  gsoType: 9,
  gsoSize: 10,
  csumStart: 11,
  csumOffset: 12,
  /** Bits of `SealFlag`. */
  flags: 13,
  /** How many segments the caller reserved numbers for; the engine refuses the job when it counts differently. */
  segmentCount: 14,
  /** Pad each inner packet with zeros to a multiple of this (RFC 4303 §2.7; tfc-padding.ts); 0 for none. */
  tfcMultiple: 15,
  /** ... but to no more bytes than this. */
  tfcLimit: 16,
  /** Out: offset of the first ESP packet in the destination arena. */
  outOffset: 17,
  /** Out: bytes of all ESP packets together, or a negative `SealError`. */
  outLength: 18,
  /** Out: bytes of each ESP packet but the last, which may be shorter. */
  outSegmentBytes: 19,
  stride: 20,
} as const;

/** Bits of `SealRow.flags`. */
export const SealFlag = {
  /** The inner packet's L4 checksum is partial (virtio NEEDS_CSUM): complete it from csumStart and csumOffset. */
  needsChecksum: 1,
  /** Extended sequence numbers: `sequenceHigh` enters the ICV (RFC 4303 §2.2.1). */
  esn: 2,
} as const;

/**
 * Columns of one open job, in place: one ESP packet, or a run of them, equal in length and back to back, with consecutive
 * sequence numbers of one high word. A run takes a row for each of its packets. The first says what to open, the others
 * are not read; each tells what became of its packet.
 */
export const OpenRow = {
  /** Offset of the SPI in the arena. */
  offset: 0,
  /** Bytes from the SPI to the end of the ICV. */
  length: 1,
  transform: 2,
  /** High word for the ICV where the SA uses ESN. */
  sequenceHigh: 3,
  /** Bits of `OpenFlag`. */
  flags: 4,
  /** Packets of the run; 1 or less for a single one. */
  count: 5,
  /** Out: offset of the plaintext (inner packet) in the arena. */
  outOffset: 6,
  /** Out: bytes of plaintext, padding, pad length and next header included; or a negative `OpenError`. */
  outLength: 7,
  /**
   * Out: 1 and the sum of the 16-bit words of the inner packet (RFC 1071, in the machine's byte order) without its IP header,
   * for `TunWriteRow.sum`; 0 where the engine did not add them up.
   */
  outSum: 8,
  /** Out, first row of a run: how many of its packets, from the first on, are opened and alike (alike-packets.ts). */
  outAlike: 9,
  /**
   * Out: how many packets of a run, this one the first, lie joined (joined-packets.ts); 1 or less for one that lies alone.
   * `outLength` of the first is then of all that is joined; the others' rows say where and how long they would be alone.
   */
  outJoined: 10,
  stride: 11,
} as const;

/** Bits of `OpenRow.flags`. */
export const OpenFlag = {
  esn: 1,
  /** Packets of a run that a device could take as one may be joined; an engine need not. */
  join: 2,
} as const;

/** Negative results of a seal job. */
export const SealError = {
  /** The transform handle is gone. */
  noTransform: -1,
  /** The packet's headers do not fit its gso fields, or `segmentCount` differs. */
  segmentation: -2,
  /** No room in the destination arena, or more than 65535 octets in one packet. */
  tooLong: -3,
  /** The engine failed. */
  engine: -4,
} as const;

/** Negative results of an open job. The arena's bytes are then undefined and must not be passed on. */
export const OpenError = {
  noTransform: -1,
  /** Shorter than header, IV, trailer and ICV together. */
  tooShort: -2,
  /** The ciphertext is not a multiple of the cipher's block (RFC 4303 §2.4). */
  alignment: -3,
  /** The ICV does not match. */
  authentication: -4,
} as const;

/** Seals and opens batches. Handles are small non-negative integers that are never used twice for different keys. */
export type TransformPort = {
  /** Copy the keys into a transform. @throws {IpsecError} `ALGORITHM_UNKNOWN`, `KEY_LENGTH`. */
  create(spec: TransformSpec): number;
  /** Wipe and forget. Jobs that still name the handle fail with `noTransform`. */
  free(handle: number): void;
  /** Run `count` seal jobs from `source` to `destination`, packed back to back from `destination[0]`. */
  seal(rows: Int32Array, count: number, source: Uint8Array, destination: Uint8Array): void;
  /** Run `count` open jobs in place. */
  open(rows: Int32Array, count: number, arena: Uint8Array): void;
};
