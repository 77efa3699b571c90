/**
 * The answer to an inner sender whose packet is larger than the interface's MTU (RFC 4301 §8.2.1, checklist 38):
 * ICMP "fragmentation needed" or ICMPv6 "packet too big", written back to the device that the packet came from.
 * An IPv4 packet without DF is fragmented by the host before it gets here, and gets no answer.
 *
 * The source is the packet's destination: an answer from an address of the host itself would be a martian there.
 * @module
 */
import { emitFragmentationNeeded, emitPacketTooBig, mayAnswerIpv4, mayAnswerIpv6 } from '#core/ip/icmp.ts';
import { ipv4DestinationAt } from '#core/ip/ipv4.ts';
import { ipv6DestinationAt, ipv6MinimumMtu } from '#core/ip/ipv6.ts';
import type { IpHeader } from './ip-header.ts';
import { isUnicastBytes } from './outer-header.ts';
import { TunWriteRow, type TunPort } from './ports.ts';
import { TokenBucket } from './rate-limit.ts';

/** RFC 4443 §2.4 (f) asks for a limit; the numbers are ours. */
const burst = 50;
const perSecond = 100;

/** Answers too-big packets of one worker, within a rate. */
export class TooBigReply {
  readonly #tun: TunPort;
  readonly #bucket = new TokenBucket(burst, perSecond);
  readonly #packet = new Uint8Array(ipv6MinimumMtu);
  readonly #row = new Int32Array(TunWriteRow.stride);

  constructor(tun: TunPort) {
    this.#tun = tun;
  }

  /** Answer the packet at `offset`, whose header has been read, if it may be answered. */
  answer(tun: number, header: IpHeader, bytes: Uint8Array, offset: number, mtu: number, now: number): void {
    if (!mayAnswer(header, bytes, offset) || !this.#bucket.take(now)) return;
    const isIpv4 = header.family === 4;
    const destination = offset + (isIpv4 ? ipv4DestinationAt : ipv6DestinationAt);
    const source = bytes.subarray(destination, destination + (isIpv4 ? 4 : 16));
    const tooBig = { bytes, offset, length: header.totalLength, mtu, source };
    const emit = isIpv4 ? emitFragmentationNeeded : emitPacketTooBig;
    this.#row[TunWriteRow.tun] = tun;
    this.#row[TunWriteRow.offset] = 0;
    this.#row[TunWriteRow.length] = emit(tooBig, this.#packet, 0);
    this.#tun.write(this.#row, 1, this.#packet);
  }
}

function mayAnswer(header: IpHeader, bytes: Uint8Array, offset: number): boolean {
  if (!header.hasDontFragment) return false;
  if (header.family === 4) return mayAnswerIpv4(bytes, offset, header.totalLength);
  const destination = bytes.subarray(offset + ipv6DestinationAt, offset + ipv6DestinationAt + 16);
  return isUnicastBytes(destination, 6) && mayAnswerIpv6(bytes, offset, header.totalLength);
}
