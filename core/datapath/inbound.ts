/**
 * The inbound loop's step: messages from a socket become inner packets on TUN devices, a batch at a time.
 *
 *   1 receive a batch; UDP GRO merges datagrams of one flow
 *   2 demultiplex: keepalive, non-ESP marker (IKE), ESP; outer header where the socket gives it
 *   3 SPI and destination -> association; its encapsulation fits
 *   4 replay check (changes nothing)
 *   5 transform: open the batch in place
 *   6 authentic: mark the window (checked again: one batch may repeat a number), lifetime, bytes
 *   7 padding, next header 4 or 41, dummy 59
 *   8 outer addresses and ports -> interface, up, inbound policy, inner header, selectors, ECN; a peer that moved
 *   9 write the batch to TUN
 *
 * A run, packets of one message that continue each other (receiving/esp-run.ts), takes stages 3 to 8 in one step where none
 * of its packets is unusual, and packet by packet where one is: what comes out is the same.
 *
 * The order is fixed (RFC 4303 §3.4, RFC 4301 §5.2): a forged packet changes nothing but a counter.
 * A drop is a number with a counter, never an exception. Per packet nothing is allocated.
 * @module
 */
import { takeApart } from '#core/crypto/joined-packets.ts';
import { OpenError, OpenFlag, OpenRow } from '#core/crypto/transform.ts';
import {
  extendSequence,
  joinSequence,
  noSequence,
  sequenceHigh,
  sequenceLowWord,
} from '#core/esp/extended-sequence.ts';
import { payloadLength } from '#core/esp/padding.ts';
import type { ReplayWindowView } from '#core/esp/replay-window.ts';
import { classifyUdpPayload, UdpPayload } from '#core/esp/udp-encapsulation.ts';
import { espHeaderBytes } from '#core/crypto/suite-shape.ts';
import { ipPacketLength } from '#core/ip/header-check.ts';
import { InboundState, StateTable } from './association-state.ts';
import { AuditTrail } from './audit/audit-trail.ts';
import { AssociationCell } from './counters.ts';
import { Delivery } from './receiving/delivery.ts';
import { inboundDrop as reason, passed } from './drop-number.ts';
import { compileInbound, emptyInboundTable, type InboundAssociation } from './inbound-table.ts';
import { Acceptance } from './receiving/acceptance.ts';
import { countFollowers } from './receiving/esp-run.ts';
import { EsnRetry } from './receiving/esn-retry.ts';
import { IcmpInbox } from './receiving/icmp-inbox.ts';
import { innerFamily } from './receiving/inner-family.ts';
import type { InboundInterface } from './receiving/interface-group.ts';
import { AssociationLookup } from './receiving/association-lookup.ts';
import { maxMessages, messagesOf } from './receiving/batch-size.ts';
import type { InboundObserver } from './receiving/inbound-observer.ts';
import { followPeer } from './receiving/peer-place.ts';
import { Placement } from './receiving/placement.ts';
import type { DatapathPorts } from './outbound.ts';
import { OuterHeader } from './outer-header.ts';
import { AddressEntry, ReceiveRow, receiveSlotBytes } from './ports.ts';
import type { Snapshot, SnapshotSocket } from './snapshot.ts';

/** Our own size: packets of one open. */
const maxPackets = 4096;

/** Wire to TUN. A worker has one. */
export class Inbound {
  readonly #ports: DatapathPorts;
  readonly #observer: InboundObserver | null;
  readonly #takesJoined: boolean;
  readonly #states = new StateTable((association) => new InboundState(association));
  #table = emptyInboundTable();

  readonly #arena = new Uint8Array(maxMessages * receiveSlotBytes);
  readonly #messages = new Int32Array(maxMessages * ReceiveRow.stride);
  readonly #senders = new Uint8Array(maxMessages * AddressEntry.stride);
  readonly #opens = new Int32Array(maxPackets * OpenRow.stride);
  /** Messages to receive next, by the size of those before. */
  #messageLimit = maxMessages;

  // The packets to open, column by column.
  readonly #associations = new Array<InboundAssociation | null>(maxPackets).fill(null);
  readonly #sequences = new Float64Array(maxPackets);
  readonly #outerTos = new Uint8Array(maxPackets);
  /** Message that the packet came in, for its sender's address. */
  readonly #messageOf = new Uint16Array(maxPackets);
  #openCount = 0;

  readonly #acceptance: Acceptance;
  readonly #lookup = new AssociationLookup();
  readonly #placement = new Placement(this.#senders);
  readonly #delivery: Delivery;
  readonly #icmp: IcmpInbox;
  readonly #trail: AuditTrail;
  readonly #retry: EsnRetry;
  /** The packet of this batch that is kept to be tried again; -1 for none. */
  #retryIndex = -1;

  // The packet in hand, set by its stages.
  readonly #outer = new OuterHeader();
  /** Interface that a drop counts for; 0 while none is known. */
  #slot = 0;
  /** Of the batch's socket; asked for once, because strings that came from another thread are compared letter by letter. */
  #isUdp = false;
  #isIcmp = false;
  #now = 0;

  /** `observer` is for tools that follow single packets; a gateway has none. */
  constructor(ports: DatapathPorts, observer: InboundObserver | null = null) {
    this.#ports = ports;
    this.#observer = observer;
    this.#takesJoined = ports.tun.takesJoined ?? false;
    this.#acceptance = new Acceptance(ports.counters, this.#sequences);
    this.#retry = new EsnRetry(ports.transforms);
    this.#trail = new AuditTrail(ports);
    this.#icmp = new IcmpInbox(ports);
    this.#delivery = new Delivery(ports, maxPackets, (slot, dropped) => {
      this.#slot = slot;
      this.#drop(dropped);
    });
  }

  /** Decide by this snapshot from now on; whoever runs the loop acknowledges it. Replay windows of associations that it repeats go on. */
  apply(snapshot: Snapshot): void {
    this.#table = compileInbound(snapshot, this.#states, this.#table);
    this.#delivery.apply(snapshot);
    this.#icmp.apply(snapshot);
    this.#trail.apply(snapshot);
  }

  /** What the replay windows of these associations have seen; null for one that has no window, or is not there. */
  replayWindows(ids: readonly number[]): readonly (ReplayWindowView | null)[] {
    return ids.map((id) => this.#states.get(id)?.viewWindow() ?? null);
  }

  /** Take in one batch of what the socket of this token holds. Returns how many messages were received. */
  pump(token: number, now: number): number {
    this.#now = now;
    const count = this.#ports.wire.receive(token, this.#arena, this.#messages, this.#senders, this.#messageLimit);
    const socket = this.#table.sockets.get(token) ?? null;
    this.#begin(socket);
    let bytes = 0;
    for (let message = 0; message < count; message++) {
      bytes += this.#messages[message * ReceiveRow.stride + ReceiveRow.length]!;
      this.#takeMessage(socket, message, now);
    }
    this.#openAll(now);
    if (bytes > 0) this.#messageLimit = messagesOf(bytes / count);
    return Math.max(0, count);
  }

  #begin(socket: SnapshotSocket | null): void {
    this.#isUdp = socket?.kind === 'udp';
    this.#isIcmp = socket?.kind === 'icmp';
    this.#lookup.begin(this.#table);
    this.#placement.begin(socket, this.#table.catchAll);
    this.#trail.socket = socket;
  }

  /** Stage 1: one message is one datagram, or several of equal size of which only the last may be shorter. */
  #takeMessage(socket: SnapshotSocket | null, message: number, now: number): void {
    const at = message * ReceiveRow.stride;
    const start = this.#messages[at + ReceiveRow.offset]!;
    const end = start + this.#messages[at + ReceiveRow.length]!;
    const segment = this.#messages[at + ReceiveRow.segmentBytes]!;
    const isTruncated = this.#messages[at + ReceiveRow.truncated] !== 0;
    let offset = start;
    do {
      const length = segment > 0 ? Math.min(segment, end - offset) : end - offset;
      this.#slot = 0;
      this.#trail.begin(message);
      const index = this.#openCount;
      const dropped = isTruncated ? reason.truncated : this.#takeDatagram(socket, message, offset, length);
      if (dropped !== passed) this.#drop(dropped);
      offset += length;
      if (this.#openCount > index && offset < end) offset += length * this.#joinFollowers(index, end);
      if (this.#openCount === maxPackets) this.#openAll(now);
    } while (offset < end);
  }

  /** Stage 2. */
  #takeDatagram(socket: SnapshotSocket | null, message: number, offset: number, length: number): number {
    if (socket === null) return reason.noSa;
    if (this.#isIcmp) return this.#takeIcmp(socket, message, offset, length);
    if (this.#isUdp) {
      const kind = classifyUdpPayload(this.#arena, offset, length);
      if (kind === UdpPayload.keepalive) return reason.natKeepalive;
      if (kind === UdpPayload.tooShort) return reason.udpShort;
      if (kind === UdpPayload.ike) return reason.toIke;
    }
    const tos = this.#messages[message * ReceiveRow.stride + ReceiveRow.tos]!;
    if (tos >= 0) return this.#takeEsp(socket, message, offset, length, tos, socket.localAddress, 0);
    const outer = this.#outer;
    const dropped = outer.read(this.#arena, offset, length, socket.family);
    if (dropped === reason.fragment) this.#trail.read(this.#arena, offset + outer.payloadOffset, outer.payloadLength);
    if (dropped !== passed) return dropped;
    const destination = offset + outer.destinationOffset;
    const payload = offset + outer.payloadOffset;
    return this.#takeEsp(socket, message, payload, outer.payloadLength, outer.tos, this.#arena, destination);
  }

  /** Beside the stages: what somebody says about our packets (RFC 4301 §6.1.1). */
  #takeIcmp({ family }: SnapshotSocket, message: number, offset: number, length: number): number {
    const taken = this.#icmp.take(this.#arena, offset, length, family, this.#senders, message, this.#now);
    this.#slot = this.#icmp.slot;
    return taken;
  }

  /** Stages 3 and 4: an ESP packet whose outer destination lies in `addresses` at `destination`. */
  #takeEsp(
    socket: SnapshotSocket,
    message: number,
    offset: number,
    length: number,
    tos: number,
    addresses: Uint8Array,
    destination: number,
  ): number {
    if (length < espHeaderBytes) return reason.hdrTooShort;
    this.#trail.read(this.#arena, offset, length);
    const low = this.#trail.sequence;
    const association = this.#lookup.find(socket.family, this.#trail, addresses, destination);
    if (association === null) return reason.noSa;
    this.#slot = association.interfaces.slot;
    if (this.#isUdp && !association.takesUdp) return reason.encapsulation;
    const { hasEsn, state } = association;
    if (state.shared !== null) state.shared.read(state);
    const sequence = hasEsn ? extendSequence(low, state.highest, state.windowSize) : low;
    if (sequence !== noSequence) this.#trail.sequence = sequence;
    this.#observer?.found(association.sa, sequence);
    const index = this.#openCount;
    this.#sequences[index] = sequence;
    const dropped = this.#acceptance.check(association, index);
    if (dropped !== passed) return dropped;
    this.#openCount++;
    this.#associations[index] = association;
    this.#outerTos[index] = tos;
    this.#messageOf[index] = message;
    const at = index * OpenRow.stride;
    this.#opens[at + OpenRow.offset] = offset;
    this.#opens[at + OpenRow.length] = length;
    this.#opens[at + OpenRow.transform] = association.transform;
    this.#opens[at + OpenRow.sequenceHigh] = sequenceHigh(sequence);
    this.#opens[at + OpenRow.flags] = hasEsn ? OpenFlag.esn : 0;
    this.#opens[at + OpenRow.count] = 1;
    if (hasEsn && this.#retryIndex < 0 && state.failures.wantsRetry(this.#now)) {
      this.#retryIndex = index;
      this.#retry.keep(this.#arena, offset, length);
    }
    return passed;
  }

  /**
   * The packets up to `end` that continue packet `index` join it, if each would get the same answers: numbers right of the
   * window, and inferred high words that are the same. Returns how many.
   */
  #joinFollowers(index: number, end: number): number {
    const association = this.#associations[index] ?? null;
    if (association === null || this.#observer !== null || index === this.#retryIndex) return 0;
    if (!this.#acceptance.isAhead(association, index)) return 0;
    const at = index * OpenRow.stride;
    const offset = this.#opens[at + OpenRow.offset]!;
    const length = this.#opens[at + OpenRow.length]!;
    const followers = countFollowers(this.#arena, offset, length, end, maxPackets - this.#openCount);
    if (association.hasEsn && !this.#acceptance.areInferred(association, index, followers)) return 0;
    this.#opens[at + OpenRow.count] = 1 + followers;
    if (this.#takesJoined && this.#delivery.mayTakeRun(association, this.#outerTos[index]!)) {
      this.#opens[at + OpenRow.flags]! |= OpenFlag.join;
    }
    this.#openCount += followers;
    return followers;
  }

  /** Stages 5 to 9 for the packets gathered so far. */
  #openAll(now: number): void {
    if (this.#openCount === 0) return;
    this.#ports.transforms.open(this.#opens, this.#openCount, this.#arena);
    for (let index = 0; index < this.#openCount;) {
      const association = this.#associations[index] ?? null;
      if (association === null) break;
      const count = this.#opens[index * OpenRow.stride + OpenRow.count]!;
      if (count === 1) this.#takeSingle(association, index, now);
      else if (!this.#takeRun(association, index, count, now)) this.#takeApart(association, index, count, now);
      index += count;
    }
    this.#openCount = 0;
    this.#retryIndex = -1;
    this.#delivery.flush(this.#arena, now);
  }

  #takeSingle(association: InboundAssociation, index: number, now: number): void {
    this.#slot = association.interfaces.slot;
    this.#trail.resume(this.#messageOf[index]!, association, this.#sequences, index);
    const dropped = this.#takeOpened(association, index, now);
    if (dropped !== passed) this.#drop(dropped);
  }

  /** The packets of a run of which one is unusual. */
  #takeApart(association: InboundAssociation, first: number, count: number, now: number): void {
    takeApart(this.#opens, first, count, this.#arena);
    for (let index = first; index < first + count; index++) {
      this.#sequences[index] = this.#sequences[first]! + index - first;
      this.#outerTos[index] = this.#outerTos[first]!;
      this.#messageOf[index] = this.#messageOf[first]!;
      this.#takeSingle(association, index, now);
    }
  }

  /** Stages 6 to 8 for a run at once. False, and nothing changed, where a packet may be dropped, or needs more than counting. */
  #takeRun(association: InboundAssociation, index: number, count: number, now: number): boolean {
    const at = index * OpenRow.stride;
    if (this.#opens[at + OpenRow.outAlike]! !== count) return false;
    const offset = this.#opens[at + OpenRow.outOffset]!;
    const length = this.#opens[at + OpenRow.outLength]!;
    // Joined packets have nothing between the inner packet and the padding.
    const isJoined = this.#opens[at + OpenRow.outJoined]! > 1;
    const inner = isJoined ? ipPacketLength(this.#arena, offset) : payloadLength(this.#arena, offset + length, length);
    const family = innerFamily(this.#arena, offset + length, inner, association.checksPadding);
    if (family !== 4 && family !== 6) return false;
    const entry = this.#placement.find(association, this.#messageOf[index]!);
    if (entry === null) return false;
    const tos = this.#outerTos[index]!;
    if (!this.#delivery.takesRun(association, entry.row, this.#arena, offset, inner, family, tos)) return false;
    if (!this.#acceptance.takeRun(association, index, count, inner, now)) return false;
    this.#slot = entry.row.slot;
    if (association.hasEsn) association.state.failures.forget();
    this.#delivery.addRun(entry.row, this.#arena, this.#opens, index, count);
    this.#followPeer(association, entry, index, now);
    return true;
  }

  #takeOpened(association: InboundAssociation, index: number, now: number): number {
    const at = index * OpenRow.stride;
    const length = this.#opens[at + OpenRow.outLength]!;
    if (length < 0) return this.#refuseOpened(association, index, length, now);
    if (association.hasEsn) association.state.failures.forget();
    return this.#takeAuthentic(association, index, this.#opens[at + OpenRow.outOffset]!, length, now);
  }

  #takeAuthentic(association: InboundAssociation, index: number, offset: number, length: number, now: number): number {
    const inner = payloadLength(this.#arena, offset + length, length);
    const dropped = this.#acceptance.take(association, index, inner < 0 ? length : inner, now);
    if (dropped !== passed) return dropped;
    return this.#stripTrailer(association, index, offset, length, inner, now);
  }

  #refuseOpened(association: InboundAssociation, index: number, error: number, now: number): number {
    if (error === OpenError.noTransform) return reason.noSa;
    if (error === OpenError.tooShort) return reason.hdrTooShort;
    if (error === OpenError.alignment) return reason.lenAlign;
    if (index === this.#retryIndex && this.#retryOpen(association, index)) {
      return this.#takeAuthentic(association, index, this.#retry.outOffset, this.#retry.outLength, now);
    }
    association.state.failures.note();
    this.#acceptance.countOne(association, AssociationCell.authenticationFailures);
    return reason.authFail;
  }

  /** RFC 4303 §A3: with a higher high word the kept packet may be authentic after all. */
  #retryOpen({ sa, state }: InboundAssociation, index: number): boolean {
    const offset = this.#opens[index * OpenRow.stride + OpenRow.offset]!;
    const sequence = this.#sequences[index]!;
    const high = this.#retry.open(this.#arena, offset, sa.transform, sequenceHigh(sequence));
    if (high < 0) return false;
    state.failures.forget();
    const whole = joinSequence(high, sequenceLowWord(sequence));
    this.#sequences[index] = whole;
    this.#trail.sequence = whole;
    this.#observer?.found(sa, whole);
    return true;
  }

  /** Stages 7 and 8. */
  #stripTrailer(
    association: InboundAssociation,
    index: number,
    offset: number,
    length: number,
    inner: number,
    now: number,
  ): number {
    const family = innerFamily(this.#arena, offset + length, inner, association.checksPadding);
    if (family !== 4 && family !== 6) return -family;
    const entry = this.#placement.find(association, this.#messageOf[index]!);
    if (entry === null) return reason.outerMismatch;
    this.#slot = entry.row.slot;
    const tos = this.#outerTos[index]!;
    const sum = this.#opens[index * OpenRow.stride + OpenRow.outSum]!;
    const refused = this.#delivery.take(association, entry.row, this.#arena, offset, inner, family, tos, sum, now);
    if (refused === passed) this.#followPeer(association, entry, index, now);
    return refused;
  }

  /** RFC 7296 §2.23: only after an authentic, newer packet. */
  #followPeer(association: InboundAssociation, entry: InboundInterface, index: number, now: number): void {
    if (!entry.row.followsPeer || !this.#isUdp || !this.#acceptance.isNewest) return;
    followPeer(this.#ports, association, entry, this.#senders, this.#messageOf[index]!, now);
  }

  #drop(dropped: number): void {
    this.#observer?.dropped(dropped);
    this.#ports.counters.countDrop(this.#slot, dropped);
    this.#trail.drop(this.#slot, dropped, this.#messages, this.#senders, this.#now);
  }
}
