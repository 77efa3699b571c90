/**
 * ICMP errors that come through an association with selectors (RFC 4301 §6.2). Any router behind the peer may be their
 * source, so the packet that they quote is what must fit: turned round, it is one that the association may carry, and the
 * error goes to the host that sent it. Otherwise a peer could speak about connections that are none of its business.
 *
 * Without selectors an association may carry anything, and so may the quotes.
 * @module
 */
import { equalAddressAt } from '#core/datapath/outer-header.ts';
import { IpHeader } from '#core/datapath/ip-header.ts';
import type { SnapshotSelector } from '#core/datapath/snapshot.ts';
import { HeaderCheck } from '#core/ip/header-check.ts';
import { IcmpError, icmpErrorHeaderBytes, IcmpQuote } from '#core/ip/icmp-error.ts';
import { ipv4DestinationAt } from '#core/ip/ipv4.ts';
import { ipv6DestinationAt } from '#core/ip/ipv6.ts';
import { IpProtocol } from '#core/ip/protocol.ts';
import { fitsPair } from './selector-check.ts';

/** What `QuotedPacket.check` finds. */
export const QuoteVerdict = {
  /** The packet is no ICMP error, or a piece of one whose quote lies elsewhere: its own addresses decide. */
  none: 0,
  fits: 1,
  /** It quotes what the association may not carry, or nothing that can be read. */
  refused: 2,
} as const;

/** The check; reused. */
export class QuotedPacket {
  readonly #header = new IpHeader();
  readonly #error = new IcmpError();
  readonly #quote = new IcmpQuote();

  /** Check the inner packet at `offset`, whose header has been checked, against the selectors of its association. */
  check(
    selectors: readonly SnapshotSelector[],
    bytes: Uint8Array,
    offset: number,
    length: number,
    family: 4 | 6,
  ): number {
    if (!this.#isError(bytes, offset, length, family)) return QuoteVerdict.none;
    const { upperOffset, totalLength } = this.#header;
    const quoted = offset + upperOffset + icmpErrorHeaderBytes;
    const quote = this.#quote;
    if (!quote.read(bytes, quoted, totalLength - upperOffset - icmpErrorHeaderBytes, family))
      return QuoteVerdict.refused;
    const receiver = offset + (family === 4 ? ipv4DestinationAt : ipv6DestinationAt);
    if (!equalAddressAt(bytes, receiver, bytes, quote.source, family)) return QuoteVerdict.refused;
    const isCarried = fitsPair(selectors, bytes, quote.destination, quote.source, family);
    return isCarried ? QuoteVerdict.fits : QuoteVerdict.refused;
  }

  #isError(bytes: Uint8Array, offset: number, length: number, family: 4 | 6): boolean {
    const header = this.#header;
    if (header.read(bytes, offset, length, family) !== HeaderCheck.valid) return false;
    if (!header.findUpperLayer(bytes, offset) || header.isLaterFragment) return false;
    if (header.protocol !== (family === 4 ? IpProtocol.icmp : IpProtocol.icmpv6)) return false;
    return this.#error.read(bytes, offset + header.upperOffset, header.totalLength - header.upperOffset, family);
  }
}
