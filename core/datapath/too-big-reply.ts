/**
 * The answer to an inner sender whose packet is larger than the interface's MTU (RFC 4301 §8.2.1, checklist 38):
 * ICMP "fragmentation needed" or ICMPv6 "packet too big", written back to the device that the packet came from.
 * An IPv4 packet without DF is fragmented by the host before it gets here, and gets no answer.
 * @module
 */
import { emitFragmentationNeeded, emitPacketTooBig } from '#core/ip/icmp.ts';
import { ErrorReply, quotePacket } from './error-reply.ts';
import type { IpHeader } from './ip-header.ts';
import type { TunPort } from './ports.ts';

/** RFC 4443 §2.4 (f) asks for a limit; the numbers are ours. */
const burst = 50;
const perSecond = 100;

/** Answers too-big packets of one worker, within a rate. */
export class TooBigReply {
  readonly #reply: ErrorReply;

  constructor(tun: TunPort) {
    this.#reply = new ErrorReply(tun, burst, perSecond);
  }

  /** Answer the packet at `offset`, whose header has been read, if it may be answered. */
  answer(tun: number, header: IpHeader, bytes: Uint8Array, offset: number, mtu: number, now: number): void {
    const reply = this.#reply;
    if (!header.hasDontFragment || !reply.admits(header, bytes, offset, now)) return;
    const tooBig = { ...quotePacket(header, bytes, offset), mtu };
    const emit = header.family === 4 ? emitFragmentationNeeded : emitPacketTooBig;
    reply.send(tun, emit(tooBig, reply.packet, 0));
  }
}
