/**
 * A byte stream between two hosts of the in-process network, which has no TCP of its own: data in TCP segments
 * (RFC 9293 §3.1) with cumulative acknowledgements, a fixed window, and everything unacknowledged sent again when
 * nothing moves (go back N). FIN ends it.
 *
 * Not here: handshake, congestion control, options, a stream in the other direction.
 * @module
 */
import { createHash, type Hash } from 'node:crypto';
import { writeU16, writeU32, readU32 } from '#core/base/bytes.ts';
import { foldChecksum, checksumSum, ipv4PseudoHeaderSum } from '#core/ip/checksum.ts';
import { parseIpAddress, type IpAddress } from '#core/ip/address.ts';
import { ipv4HeaderBytes } from '#core/ip/ipv4.ts';
import { IpProtocol } from '#core/ip/protocol.ts';
import type { Host } from '#core/host/memory/host.ts';
import { buildIpPacket } from '#core/host/memory/ip-packet.ts';

/** The stream's ends, IPv4. */
export type StreamEnds = {
  readonly from: Host;
  readonly to: Host;
  readonly source: string;
  readonly destination: string;
};

/** What an end has handled so far. `sha256` may be asked for once, at the end. */
export type StreamEnd = { readonly bytes: number; readonly sha256: () => string };

const tcpHeaderBytes = 20;
const port = 7007;
const windowSegments = 64;
const retransmitMs = 200;
const Flag = { fin: 1, ack: 16 } as const;

type Segment = { readonly sequence: number; readonly payload: Uint8Array; readonly isFin: boolean };

/** Sends the blocks that it is given. */
export class StreamSender implements StreamEnd {
  bytes: number;
  readonly #ends: StreamEnds;
  readonly #segments: Iterator<Segment>;
  readonly #hash: Hash;
  /** Sent and not yet acknowledged, oldest first. */
  #unacknowledged: Segment[];
  #isExhausted: boolean;
  #acknowledged: number;

  /** `segmentBytes`: payload of a full segment. */
  constructor(ends: StreamEnds, blocks: Iterable<Uint8Array>, segmentBytes: number) {
    this.bytes = 0;
    this.#ends = ends;
    this.#segments = cut(blocks, segmentBytes);
    this.#hash = createHash('sha256');
    this.#unacknowledged = [];
    this.#isExhausted = false;
    this.#acknowledged = 0;
    ends.from.onProtocol(IpProtocol.tcp, (packet, upper) => this.#take(readU32(packet, upper + 8)));
  }

  /** Begin. What follows happens as the network's time passes. */
  start(): void {
    this.#fill();
    this.#watch(this.#acknowledged);
  }

  /** Whether all has been sent and acknowledged, FIN included. */
  get isDone(): boolean {
    return this.#isExhausted && this.#unacknowledged.length === 0;
  }

  sha256(): string {
    return this.#hash.digest('hex');
  }

  #fill(): void {
    while (this.#unacknowledged.length < windowSegments && !this.#isExhausted) {
      const { value, done } = this.#segments.next();
      if (done === true) {
        this.#isExhausted = true;
      } else {
        this.#hash.update(value.payload);
        this.bytes += value.payload.length;
        this.#unacknowledged.push(value);
        this.#send(value);
      }
    }
  }

  #take(acknowledgement: number): void {
    // Sequence numbers are 32 bits on the wire and count on here.
    const advance = (acknowledgement - this.#acknowledged) | 0;
    if (advance <= 0) return;
    this.#acknowledged += advance;
    const first = this.#unacknowledged.findIndex(({ sequence }) => sequence >= this.#acknowledged);
    this.#unacknowledged.splice(0, first < 0 ? this.#unacknowledged.length : first);
    this.#fill();
  }

  #watch(acknowledgedBefore: number): void {
    this.#ends.from.clock.schedule(retransmitMs, () => {
      if (this.isDone) return;
      if (this.#acknowledged === acknowledgedBefore) for (const segment of this.#unacknowledged) this.#send(segment);
      this.#watch(this.#acknowledged);
    });
  }

  #send({ sequence, payload, isFin }: Segment): void {
    const { from, source, destination } = this.#ends;
    from.send(
      buildSegment(source, destination, { sequence, payload, flags: isFin ? Flag.fin : 0, acknowledgement: 0 }),
    );
  }
}

/** Takes the stream in order and acknowledges it. */
export class StreamReceiver implements StreamEnd {
  bytes: number;
  readonly #ends: StreamEnds;
  readonly #hash: Hash;
  #isWaiting: boolean;
  #next: number;

  constructor(ends: StreamEnds) {
    this.bytes = 0;
    this.#ends = ends;
    this.#hash = createHash('sha256');
    this.#isWaiting = false;
    this.#next = 0;
    ends.to.onProtocol(IpProtocol.tcp, (packet, upper) => this.#take(packet, upper));
  }

  sha256(): string {
    return this.#hash.digest('hex');
  }

  /** Every second segment is acknowledged, as RFC 9293 §3.8.6.3 wants it, and whatever is out of order at once. */
  #take(packet: Uint8Array, upper: number): void {
    const isInOrder = ((readU32(packet, upper + 4) - this.#next) | 0) === 0;
    const isFin = ((packet[upper + 13] ?? 0) & Flag.fin) !== 0;
    if (isInOrder) {
      const payload = packet.subarray(upper + tcpHeaderBytes);
      this.#hash.update(payload);
      this.bytes += payload.length;
      this.#next += payload.length + (isFin ? 1 : 0);
    }
    this.#isWaiting = isInOrder && !isFin && !this.#isWaiting;
    if (!this.#isWaiting) this.#acknowledge();
  }

  #acknowledge(): void {
    const { to, source, destination } = this.#ends;
    const acknowledgement = this.#next;
    to.send(
      buildSegment(destination, source, { sequence: 0, acknowledgement, flags: Flag.ack, payload: new Uint8Array() }),
    );
  }
}

function* cut(blocks: Iterable<Uint8Array>, segmentBytes: number): Generator<Segment, void> {
  let sequence = 0;
  for (const block of blocks) {
    for (let at = 0; at < block.length; at += segmentBytes) {
      const payload = block.subarray(at, at + segmentBytes);
      yield { sequence, payload, isFin: false };
      sequence += payload.length;
    }
  }
  yield { sequence, payload: new Uint8Array(), isFin: true };
}

type SegmentFields = {
  readonly sequence: number;
  readonly acknowledgement: number;
  readonly flags: number;
  readonly payload: Uint8Array;
};

function buildSegment(source: string, destination: string, fields: SegmentFields): Uint8Array {
  const body = new Uint8Array(tcpHeaderBytes + fields.payload.length);
  writeU16(body, 0, port);
  writeU16(body, 2, port);
  writeU32(body, 4, fields.sequence);
  writeU32(body, 8, fields.acknowledgement);
  body[12] = (tcpHeaderBytes / 4) << 4;
  body[13] = fields.flags;
  writeU16(body, 14, 0xffff);
  body.set(fields.payload, tcpHeaderBytes);
  const [from, to] = [parse(source), parse(destination)];
  const packet = buildIpPacket(
    { source: from, destination: to, protocol: IpProtocol.tcp, hasDontFragment: true },
    body,
  );
  const pseudoHeader = ipv4PseudoHeaderSum(packet, 0, IpProtocol.tcp, body.length);
  writeU16(packet, ipv4HeaderBytes + 16, foldChecksum(checksumSum(packet, ipv4HeaderBytes, body.length, pseudoHeader)));
  return packet;
}

function parse(text: string): IpAddress {
  return parseIpAddress(text);
}
