/**
 * Capture files for tests, written by hand so that they do not share the readers' offsets: pcap and pcapng in both byte
 * orders, and frames of every link type around an IP packet.
 * @module
 */

/** A packet for a capture. Its time is 1 s and 2 units of the file, unless it says otherwise. */
export type MadePacket = {
  readonly bytes: Uint8Array;
  readonly wireLength?: number;
  readonly seconds?: number;
  readonly fraction?: number;
};

/** How a pcap file is written; little-endian, microseconds, raw IP unless told otherwise. */
export type PcapOptions = { readonly isBig?: boolean; readonly magic?: number; readonly linkType?: number };

/** A pcap file. */
export function makePcap(packets: readonly MadePacket[], options: PcapOptions = {}): Buffer {
  const { isBig = false, magic = 0xa1b2c3d4, linkType = 101 } = options;
  const order = new Order(isBig);
  const header = [order.u32(magic), order.u16(2), order.u16(4), order.u32(0), order.u32(0), order.u32(262144)];
  const records = packets.map(({ bytes, wireLength = bytes.length, seconds = 1, fraction = 2 }) =>
    Buffer.concat([order.u32(seconds), order.u32(fraction), order.u32(bytes.length), order.u32(wireLength), bytes]),
  );
  return Buffer.concat([...header, order.u32(linkType), ...records]);
}

/** Integers in one byte order. */
export class Order {
  readonly #isBig: boolean;

  constructor(isBig: boolean) {
    this.#isBig = isBig;
  }

  /** 16 bits. */
  u16(value: number): Buffer {
    const bytes = Buffer.alloc(2);
    if (this.#isBig) bytes.writeUInt16BE(value);
    else bytes.writeUInt16LE(value);
    return bytes;
  }

  /** 32 bits. */
  u32(value: number): Buffer {
    const bytes = Buffer.alloc(4);
    if (this.#isBig) bytes.writeUInt32BE(value);
    else bytes.writeUInt32LE(value);
    return bytes;
  }

  /** 64 bits, signed. */
  i64(value: bigint): Buffer {
    const bytes = Buffer.alloc(8);
    if (this.#isBig) bytes.writeBigInt64BE(value);
    else bytes.writeBigInt64LE(value);
    return bytes;
  }

  /** A pcapng block around a body, which is filled up to whole words. */
  block(type: number, ...body: Buffer[]): Buffer {
    const filled = padded(Buffer.concat(body));
    const length = this.u32(12 + filled.length);
    return Buffer.concat([this.u32(type), length, filled, length]);
  }

  /** A pcapng option. */
  option(code: number, value: Buffer): Buffer {
    return Buffer.concat([this.u16(code), this.u16(value.length), padded(value)]);
  }

  /** A section header, with the length of the section left open. */
  section(...options: Buffer[]): Buffer {
    return this.block(0x0a0d0d0a, this.u32(0x1a2b3c4d), this.u16(1), this.u16(0), this.i64(-1n), ...options);
  }

  /** An interface description. */
  interface(linkType: number, snapshotLength = 0, ...options: Buffer[]): Buffer {
    return this.block(1, this.u16(linkType), this.u16(0), this.u32(snapshotLength), ...options);
  }

  /** An enhanced packet block; `stamp` in units of the interface. */
  enhanced(id: number, bytes: Uint8Array, stamp = 1_000_002n, ...options: Buffer[]): Buffer {
    const words = [id, Number(stamp >> 32n), Number(stamp & 0xffffffffn), bytes.length, bytes.length];
    return this.block(6, ...words.map((word) => this.u32(word)), padded(Buffer.from(bytes)), ...options);
  }

  /** A simple packet block. */
  simple(bytes: Uint8Array, wireLength = bytes.length): Buffer {
    return this.block(3, this.u32(wireLength), Buffer.from(bytes));
  }

  /** An obsolete packet block. */
  obsolete(id: number, bytes: Uint8Array, stamp = 1_000_002n): Buffer {
    const words = [Number(stamp >> 32n), Number(stamp & 0xffffffffn), bytes.length, bytes.length];
    return this.block(2, this.u16(id), this.u16(7), ...words.map((word) => this.u32(word)), Buffer.from(bytes));
  }
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}

/** A link type, and how an IP packet is put into a frame of it. */
export type FrameMaker = {
  readonly name: string;
  readonly linkType: number;
  readonly frame: (packet: Uint8Array) => Uint8Array;
};

/** Every link type that is read, some in several forms. Raw IPv4 and IPv6 are for packets of that version. */
export const frameMakers: readonly FrameMaker[] = [
  { name: 'raw IP', linkType: 101, frame: (packet) => packet },
  { name: 'DLT_RAW 12', linkType: 12, frame: (packet) => packet },
  { name: 'DLT_RAW 14', linkType: 14, frame: (packet) => packet },
  { name: 'raw IPv4', linkType: 228, frame: (packet) => packet },
  { name: 'raw IPv6', linkType: 229, frame: (packet) => packet },
  { name: 'Ethernet', linkType: 1, frame: (packet) => join('020000000001020000000002', etherType(packet), packet) },
  {
    name: 'Ethernet with padding behind the packet',
    linkType: 1,
    frame: (packet) => join('020000000001020000000002', etherType(packet), packet, '000000000000'),
  },
  {
    name: 'Ethernet with a VLAN tag',
    linkType: 1,
    frame: (packet) => join('02000000000102000000000281000064', etherType(packet), packet),
  },
  {
    name: 'Ethernet with two VLAN tags',
    linkType: 1,
    frame: (packet) => join('02000000000102000000000288a8000581000064', etherType(packet), packet),
  },
  {
    name: 'Ethernet with LLC and SNAP',
    linkType: 1,
    frame: (packet) => join('0200000000010200000000020100aaaa03000000', etherType(packet), packet),
  },
  {
    name: 'Linux cooked',
    linkType: 113,
    frame: (packet) => join('00000001000602000000000200ff', etherType(packet), packet),
  },
  {
    name: 'Linux cooked, version 2',
    linkType: 276,
    frame: (packet) => join(etherType(packet), '000000000003000100060200000000020000', packet),
  },
  {
    name: 'BSD null, little-endian',
    linkType: 0,
    frame: (packet) => join(isIpv4(packet) ? '02000000' : '1e000000', packet),
  },
  {
    name: 'BSD null, big-endian',
    linkType: 0,
    frame: (packet) => join(isIpv4(packet) ? '00000002' : '00000018', packet),
  },
  { name: 'BSD loop', linkType: 108, frame: (packet) => join(isIpv4(packet) ? '00000002' : '0000001c', packet) },
];

/** Whether frames of this link type can carry the packet. */
export function canCarry({ linkType }: FrameMaker, packet: Uint8Array): boolean {
  return linkType === 228 ? isIpv4(packet) : linkType === 229 ? !isIpv4(packet) : true;
}

function isIpv4(packet: Uint8Array): boolean {
  return packet.length > 0 && packet[0]! >>> 4 === 4;
}

function etherType(packet: Uint8Array): string {
  return isIpv4(packet) ? '0800' : '86dd';
}

function join(...parts: (string | Uint8Array)[]): Buffer {
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'hex') : part)));
}
