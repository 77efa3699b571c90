/**
 * The answer to an inner sender whose packet a policy keeps back, or has no association to leave by, where the interface
 * is told to give one (RFC 4301 §5.1.1): ICMP "administratively prohibited" for the first, "host unreachable" for the
 * second, and the same in ICMPv6. NetBSD gives none, so an interface gives none by itself.
 *
 * Who can send into a tunnel can make the answer go to anyone whose address they write, so it is small in number.
 * @module
 */
import { emitUnreachable, type UnreachableCause } from '#core/ip/icmp.ts';
import { outboundDrop as reason } from './drop-number.ts';
import { ErrorReply, quotePacket } from './error-reply.ts';
import type { IpHeader } from './ip-header.ts';
import type { TunPort } from './ports.ts';

/** RFC 4301 §5.1.1 and RFC 4443 §2.4 (f) ask for a limit; the numbers are ours. */
const burst = 10;
const perSecond = 10;

/** What a sender hears, by the reason of the drop; all other drops are silent. */
const causes: ReadonlyMap<number, UnreachableCause> = new Map([
  [reason.policy, 'prohibited'],
  [reason.ipv6Disabled, 'prohibited'],
  [reason.noSa, 'address'],
  [reason.expired, 'address'],
  [reason.seqOverflow, 'address'],
  [reason.ivExhausted, 'address'],
]);

/** Answers refused packets of one worker, within a rate. */
export class RefusalReply {
  readonly #reply: ErrorReply;

  constructor(tun: TunPort) {
    this.#reply = new ErrorReply(tun, burst, perSecond);
  }

  /** Answer the packet at `offset`, whose header has been read, if it was dropped for a reason that is told. */
  answer(tun: number, dropped: number, header: IpHeader, bytes: Uint8Array, offset: number, now: number): void {
    const reply = this.#reply;
    const cause = causes.get(dropped);
    if (cause === undefined || !reply.admits(header, bytes, offset, now)) return;
    const refused = quotePacket(header, bytes, offset);
    reply.send(tun, emitUnreachable(refused, cause, header.family === 4 ? 4 : 6, reply.packet, 0));
  }
}
