/**
 * What the answers to inner senders have in common: which packets may be answered at all, how many a second, and the
 * way back to the device that the packet came from. What is written is too-big-reply.ts's and refusal-reply.ts's.
 *
 * The source is the packet's destination: an answer from an address of the host itself would be a martian there.
 * @module
 */
import { mayAnswerIpv4, mayAnswerIpv6, type RefusedPacket } from '#core/ip/icmp.ts';
import { ipv4DestinationAt } from '#core/ip/ipv4.ts';
import { ipv6DestinationAt, ipv6MinimumMtu } from '#core/ip/ipv6.ts';
import { IpProtocol } from '#core/ip/protocol.ts';
import type { IpHeader } from './ip-header.ts';
import { isUnicastBytes } from './outer-header.ts';
import { TunWriteRow, type TunPort } from './ports.ts';
import { TokenBucket } from './rate-limit.ts';

/** Answers of one kind of one worker, within a rate. */
export class ErrorReply {
  readonly #tun: TunPort;
  readonly #bucket: TokenBucket;
  readonly #row = new Int32Array(TunWriteRow.stride);
  /** Where an answer is written before `send`. */
  readonly packet = new Uint8Array(ipv6MinimumMtu);

  constructor(tun: TunPort, burst: number, perSecond: number) {
    this.#tun = tun;
    this.#bucket = new TokenBucket(burst, perSecond);
  }

  /** Whether the packet at `offset`, whose header has been read, gets an answer now; counts it against the rate. */
  admits(header: IpHeader, bytes: Uint8Array, offset: number, now: number): boolean {
    return mayAnswer(header, bytes, offset) && this.#bucket.take(now);
  }

  /** Send the `length` bytes of `packet` back. */
  send(tun: number, length: number): void {
    this.#row[TunWriteRow.tun] = tun;
    this.#row[TunWriteRow.offset] = 0;
    this.#row[TunWriteRow.length] = length;
    this.#tun.write(this.#row, 1, this.packet);
  }
}

/** The packet at `offset` as its answer quotes it. */
export function quotePacket(header: IpHeader, bytes: Uint8Array, offset: number): RefusedPacket {
  const isIpv4 = header.family === 4;
  const destination = offset + (isIpv4 ? ipv4DestinationAt : ipv6DestinationAt);
  const source = bytes.subarray(destination, destination + (isIpv4 ? 4 : 16));
  return { bytes, offset, length: header.totalLength, source };
}

/**
 * Not what went to a group: ICMPv6 would let "packet too big" answer it (RFC 4443 §2.4 e.3), we do not. Over IPv6 an error
 * may hide behind extension headers; a later fragment holds none, since errors fit the smallest MTU.
 */
function mayAnswer(header: IpHeader, bytes: Uint8Array, offset: number): boolean {
  const { family, totalLength } = header;
  if (family === 4) return mayAnswerIpv4(bytes, offset, totalLength);
  const destination = bytes.subarray(offset + ipv6DestinationAt, offset + ipv6DestinationAt + 16);
  if (!isUnicastBytes(destination, 6) || !header.findUpperLayer(bytes, offset)) return false;
  const { protocol, upperOffset, isLaterFragment } = header;
  const upper = { protocol: isLaterFragment ? IpProtocol.none : protocol, upperOffset };
  return mayAnswerIpv6(bytes, offset, totalLength, upper);
}
