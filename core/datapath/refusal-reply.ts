/**
 * The answer to an inner sender whose packet a policy keeps back, or has no association to leave by, where the interface
 * is told to give one (RFC 4301 §5.1.1): ICMP "administratively prohibited" for the first, "host unreachable" for the
 * second, and the same in ICMPv6. NetBSD gives none, so an interface gives none by itself.
 *
 * Who can send into a tunnel can make the answer go to anyone whose address they write, so it is small in number.
 * The source is the packet's destination, as in too-big-reply.ts.
 * @module
 */
import { emitUnreachable, mayAnswerIpv4, mayAnswerIpv6, type UnreachableCause } from '#core/ip/icmp.ts';
import { ipv4DestinationAt } from '#core/ip/ipv4.ts';
import { ipv6DestinationAt, ipv6MinimumMtu } from '#core/ip/ipv6.ts';
import { outboundDrop as reason } from './drop-number.ts';
import type { IpHeader } from './ip-header.ts';
import { isUnicastBytes } from './outer-header.ts';
import { TunWriteRow, type TunPort } from './ports.ts';
import { TokenBucket } from './rate-limit.ts';

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
  readonly #tun: TunPort;
  readonly #bucket = new TokenBucket(burst, perSecond);
  readonly #packet = new Uint8Array(ipv6MinimumMtu);
  readonly #row = new Int32Array(TunWriteRow.stride);

  constructor(tun: TunPort) {
    this.#tun = tun;
  }

  /** Answer the packet at `offset`, whose header has been read, if it was dropped for a reason that is told. */
  answer(tun: number, dropped: number, header: IpHeader, bytes: Uint8Array, offset: number, now: number): void {
    const cause = causes.get(dropped);
    if (cause === undefined || !mayAnswer(header, bytes, offset) || !this.#bucket.take(now)) return;
    const family = header.family === 4 ? 4 : 6;
    const destination = offset + (family === 4 ? ipv4DestinationAt : ipv6DestinationAt);
    const source = bytes.subarray(destination, destination + (family === 4 ? 4 : 16));
    const refused = { bytes, offset, length: header.totalLength, source };
    this.#row[TunWriteRow.tun] = tun;
    this.#row[TunWriteRow.offset] = 0;
    this.#row[TunWriteRow.length] = emitUnreachable(refused, cause, family, this.#packet, 0);
    this.#tun.write(this.#row, 1, this.#packet);
  }
}

/** Unlike "packet too big", this error answers nothing that went to a group (RFC 4443 §2.4 e.3). */
function mayAnswer({ family, totalLength }: IpHeader, bytes: Uint8Array, offset: number): boolean {
  if (family === 4) return mayAnswerIpv4(bytes, offset, totalLength);
  const destination = bytes.subarray(offset + ipv6DestinationAt, offset + ipv6DestinationAt + 16);
  return isUnicastBytes(destination, 6) && mayAnswerIpv6(bytes, offset, totalLength);
}
