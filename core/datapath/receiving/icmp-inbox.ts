/**
 * ICMP errors that arrive outside of every tunnel, about ESP packets that we sent (RFC 4301 §6.1.1). Nobody vouches for
 * them, so of each type an administrator says whether it counts, and one that counts must fit: it quotes a packet of an
 * association that lives, with our addresses and ports, and a sequence number that was used lately (RFC 8201 §4, RFC 8899
 * §4.6.1). Who is not on the path has to guess SPI and number.
 *
 * "Too big" narrows the path of the association that it quotes, of no other, and never widens it; path-mtu.ts holds the
 * floor and forgets it in time. All other types change nothing: they are logged, within a rate.
 *
 * Not here: redirects and source quench, which are the host's (RFC 6633); ICMP that comes through a tunnel
 * (quoted-packet.ts).
 * @module
 */
import { readU16 } from '#core/base/bytes.ts';
import { AssociationCell } from '#core/datapath/counters.ts';
import { inboundDrop as reason } from '#core/datapath/drop-number.ts';
import { IpHeader } from '#core/datapath/ip-header.ts';
import type { DatapathPorts } from '#core/datapath/outbound.ts';
import { ipv4MinimumMtu, packToldMtu, toldMtu } from '#core/datapath/path-mtu.ts';
import { AddressEntry } from '#core/datapath/ports.ts';
import { IntervalTable } from '#core/datapath/rate-limit.ts';
import { unheededIcmp, type Snapshot, type SnapshotIcmp } from '#core/datapath/snapshot.ts';
import { espHeaderBytes } from '#core/crypto/suite-shape.ts';
import { joinSequence, sequenceHigh } from '#core/esp/extended-sequence.ts';
import { packetSequence, packetSpi } from '#core/esp/packet.ts';
import { formatAddress } from '#core/ip/address.ts';
import { internetChecksum } from '#core/ip/checksum.ts';
import { HeaderCheck } from '#core/ip/header-check.ts';
import { IcmpError, icmpErrorHeaderBytes, IcmpErrorKind, IcmpQuote, plateauBelow } from '#core/ip/icmp-error.ts';
import { ipv6MinimumMtu } from '#core/ip/ipv6.ts';
import { IpProtocol } from '#core/ip/protocol.ts';
import { udpHeaderBytes } from '#core/ip/udp.ts';
import { compileSent, emptySentTable, findSent, type SentBy } from './sent-table.ts';

/** Log lines of one interface. */
const logMs = 10_000;
/** Packets sent since the quoted one, at most: a second at a quarter of a million a second. */
const recentPackets = 2 ** 18;

/** Takes in what the ICMP sockets of one inbound loop hear. */
export class IcmpInbox {
  /** Interface that the last message was about; 0 for none. */
  slot = 0;
  readonly #ports: DatapathPorts;
  readonly #logs = new IntervalTable(logMs);
  #sent = emptySentTable;
  #settings: SnapshotIcmp = unheededIcmp;

  // The message in hand.
  readonly #header = new IpHeader();
  readonly #error = new IcmpError();
  readonly #quote = new IcmpQuote();
  /** Where the ESP header is quoted. */
  #esp = 0;

  constructor(ports: DatapathPorts) {
    this.#ports = ports;
  }

  /** What of a snapshot matters here. */
  apply(snapshot: Snapshot): void {
    this.#sent = compileSent(snapshot);
    this.#settings = snapshot.icmp ?? unheededIcmp;
    this.#logs.retain(() => snapshot.interfaces.map((row) => row.slot));
  }

  /**
   * Take the message at `offset`: over IPv4 with its IP header, over IPv6 without (RFC 3542 §3). `sender` is its entry of
   * `senders`. Returns the number of a reason, always: nothing is passed on.
   */
  take(
    bytes: Uint8Array,
    offset: number,
    length: number,
    family: 4 | 6,
    senders: Uint8Array,
    sender: number,
    now: number,
  ): number {
    this.slot = 0;
    const sent = this.#findQuoted(bytes, offset, length, family);
    if (sent === null) return reason.icmpForeign;
    this.slot = sent.slot;
    if (!this.#accepts()) return reason.icmpRefused;
    if (!this.#isRecent(sent, bytes)) return reason.icmpForged;
    if (this.#error.kind === IcmpErrorKind.tooBig) return this.#narrow(sent, family, now);
    this.#log(sent, senders, sender, now);
    return reason.icmpTaken;
  }

  /** The association whose packet is quoted; null when the message is no error about any. */
  #findQuoted(bytes: Uint8Array, offset: number, length: number, family: 4 | 6): SentBy | null {
    let at = offset;
    let left = length;
    if (family === 4) {
      const header = this.#header;
      if (header.readReceived(bytes, offset, length, 4) !== HeaderCheck.valid) return null;
      if (header.protocol !== IpProtocol.icmp) return null;
      if (!header.findUpperLayer(bytes, offset) || header.isFragment) return null;
      at += header.headerLength;
      left = header.totalLength - header.headerLength;
      // Over IPv6 the system has checked it (RFC 3542 §3.1).
      if (internetChecksum(bytes, at, left) !== 0) return null;
    }
    if (!this.#error.read(bytes, at, left, family)) return null;
    const quoted = at + icmpErrorHeaderBytes;
    if (!this.#quote.read(bytes, quoted, left - icmpErrorHeaderBytes, family)) return null;
    return this.#findSender(bytes, family);
  }

  /** What quotes too little to show SPI and number is as good as about nothing (RFC 1812 §4.3.2.3 asks for more). */
  #findSender(bytes: Uint8Array, family: 4 | 6): SentBy | null {
    const { protocol, source, destination, upper, upperLength, isLaterFragment } = this.#quote;
    const isUdp = protocol === IpProtocol.udp;
    const inFront = isUdp ? udpHeaderBytes : 0;
    if (isLaterFragment || upperLength < inFront + espHeaderBytes) return null;
    this.#esp = upper + inFront;
    const sourcePort = isUdp ? readU16(bytes, upper) : 0;
    const destinationPort = isUdp ? readU16(bytes, upper + 2) : 0;
    const spi = packetSpi(bytes, this.#esp);
    return findSent(this.#sent, { spi, family, source, destination, protocol, sourcePort, destinationPort }, bytes);
  }

  #accepts(): boolean {
    const { acceptsTooBig, acceptsUnreachable, acceptsTimeExceeded, acceptsParameterProblem } = this.#settings;
    switch (this.#error.kind) {
      case IcmpErrorKind.tooBig:
        return acceptsTooBig;
      case IcmpErrorKind.unreachable:
        return acceptsUnreachable;
      case IcmpErrorKind.timeExceeded:
        return acceptsTimeExceeded;
      case IcmpErrorKind.parameterProblem:
        return acceptsParameterProblem;
      default:
        return false;
    }
  }

  /** Whether the quoted number was used, and lately. With ESN the quote has the low word only. */
  #isRecent({ sa }: SentBy, bytes: Uint8Array): boolean {
    const { cells } = this.#ports.counters;
    const last = cells[this.#ports.counters.associationBase(sa.slot) + AssociationCell.sequence]!;
    let quoted = joinSequence(sequenceHigh(last), packetSequence(bytes, this.#esp));
    if (quoted > last) quoted -= 2 ** 32;
    return quoted > 0 && last - quoted < recentPackets;
  }

  /** A link that is wide enough for the quoted packet, or narrower than links may be, is a lie. */
  #narrow({ sa }: SentBy, family: 4 | 6, now: number): number {
    const { totalLength } = this.#quote;
    const mtu = family === 4 && this.#error.mtu === 0 ? plateauBelow(totalLength) : this.#error.mtu;
    if (mtu >= totalLength || mtu < (family === 4 ? ipv4MinimumMtu : ipv6MinimumMtu)) return reason.icmpForged;
    const { cells } = this.#ports.counters;
    const cell = this.#ports.counters.associationBase(sa.slot) + AssociationCell.pathMtu;
    const known = toldMtu(cells[cell]!, now, this.#settings.pathMtuSeconds);
    if (known === 0 || mtu <= known) cells[cell] = packToldMtu(mtu, now);
    return reason.icmpTaken;
  }

  #log({ sa, slot, interfaceName }: SentBy, senders: Uint8Array, sender: number, now: number): void {
    if (slot === 0 || !this.#logs.take(slot, now)) return;
    const { type, code } = this.#error;
    const said = sa.family === 4 ? `ICMP type ${type} code ${code}` : `ICMPv6 type ${type} code ${code}`;
    const who = formatAddress(senders, sender * AddressEntry.stride + AddressEntry.address, sa.family);
    const peer = formatAddress(sa.movedTo?.address ?? sa.destination, 0, sa.family);
    this.#ports.emit({
      kind: 'log',
      message: `${interfaceName}: ${who} says that packets to ${peer} do not arrive (${said})`,
    });
  }
}
