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
 * The order is fixed (RFC 4303 §3.4, RFC 4301 §5.2): a forged packet changes nothing but a counter.
 * A drop is a number with a counter, never an exception. Per packet nothing is allocated.
 * @module
 */
import { OpenError, OpenFlag, OpenRow } from '#core/crypto/transform.ts';
import {
  extendSequence,
  joinSequence,
  noSequence,
  sequenceHigh,
  sequenceLowWord,
} from '#core/esp/extended-sequence.ts';
import { isSequentialPadding, nextHeader, payloadLength } from '#core/esp/padding.ts';
import { largestWindow, ReplayVerdict, type ReplayWindowView } from '#core/esp/replay-window.ts';
import { classifyUdpPayload, UdpPayload } from '#core/esp/udp-encapsulation.ts';
import { espHeaderBytes } from '#core/crypto/suite-shape.ts';
import { IpProtocol } from '#core/ip/protocol.ts';
import { InboundState, StateTable } from './association-state.ts';
import { AuditTrail } from './audit/audit-trail.ts';
import { AssociationCell } from './counters.ts';
import { Delivery } from './receiving/delivery.ts';
import { inboundDrop as reason, passed } from './drop-number.ts';
import { compileInbound, emptyInboundTable, type InboundAssociation } from './inbound-table.ts';
import { EsnRetry } from './receiving/esn-retry.ts';
import { IcmpInbox } from './receiving/icmp-inbox.ts';
import type { InboundInterface } from './receiving/interface-group.ts';
import { AssociationLookup } from './receiving/association-lookup.ts';
import { maxMessages, messagesOf } from './receiving/batch-size.ts';
import { Placement } from './receiving/placement.ts';
import type { DatapathPorts } from './outbound.ts';
import { OuterHeader } from './outer-header.ts';
import { AddressEntry, ReceiveRow, receiveSlotBytes } from './ports.ts';
import type { Snapshot, SnapshotAssociation, SnapshotSocket } from './snapshot.ts';

/** Our own size: packets of one open. */
const maxPackets = 4096;

/** Hears what becomes of packets, one call a fact: what is written to a device was accepted. */
export type InboundObserver = {
  /** Stage 4 begins: the packet's association, and its whole sequence number, or `noSequence`. Again after a resynchronisation. */
  found(association: SnapshotAssociation, sequence: number): void;
  /** It was dropped, under the number of a reason. */
  dropped(reason: number): void;
};

/** Wire to TUN. One worker has one. */
export class Inbound {
  readonly #ports: DatapathPorts;
  readonly #observer: InboundObserver | null;
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
  /** Its number is higher than all before. */
  #isNewest = false;

  /** `observer` is for tools that follow single packets; a gateway has none. */
  constructor(ports: DatapathPorts, observer: InboundObserver | null = null) {
    this.#ports = ports;
    this.#observer = observer;
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
    return ids.map((id) => {
      const state = this.#states.get(id);
      if (state !== undefined) state.shared?.read(state);
      return state?.window?.view() ?? null;
    });
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
      const dropped = isTruncated ? reason.truncated : this.#takeDatagram(socket, message, offset, length);
      if (dropped !== passed) this.#drop(dropped);
      if (this.#openCount === maxPackets) this.#openAll(now);
      offset += length;
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
    const sequence = hasEsn ? extendSequence(low, state.highest, windowSize(association)) : low;
    if (sequence !== noSequence) this.#trail.sequence = sequence;
    this.#observer?.found(association.sa, sequence);
    const index = this.#openCount;
    this.#sequences[index] = sequence;
    const dropped = this.#checkReplay(association, index);
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
    if (hasEsn && this.#retryIndex < 0 && state.failures.wantsRetry(this.#now)) {
      this.#retryIndex = index;
      this.#retry.keep(this.#arena, offset, length);
    }
    return passed;
  }

  /**
   * Whether the number of packet `index` may be accepted; 0 or a reason. Changes nothing but the association's count of
   * replays. It takes the index, because a number above 2³¹ that is passed on is allocated: 16 bytes.
   */
  #checkReplay(association: InboundAssociation, index: number): number {
    const sequence = this.#sequences[index]!;
    if (sequence === noSequence) return reason.esnRange;
    const { window } = association.state;
    if (window === null) return passed;
    if (sequence === 0) return reason.seqZero;
    const verdict = window.canAccept(sequence);
    if (verdict === ReplayVerdict.accepted) return passed;
    this.#countAssociation(association, AssociationCell.replayDrops);
    return verdict === ReplayVerdict.duplicate ? reason.replayDup : reason.replayOld;
  }

  /** Stages 5 to 9 for the packets gathered so far. */
  #openAll(now: number): void {
    if (this.#openCount === 0) return;
    this.#ports.transforms.open(this.#opens, this.#openCount, this.#arena);
    for (let index = 0; index < this.#openCount; index++) {
      const association = this.#associations[index];
      if (association === undefined || association === null) continue;
      this.#slot = association.interfaces.slot;
      this.#trail.begin(this.#messageOf[index]!, association.spi, this.#sequences[index]);
      const dropped = this.#takeOpened(association, index, now);
      if (dropped !== passed) this.#drop(dropped);
    }
    this.#openCount = 0;
    this.#retryIndex = -1;
    this.#delivery.flush(this.#arena, now);
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
    const dropped = this.#markAuthentic(association, index, inner < 0 ? length : inner, now);
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
    this.#countAssociation(association, AssociationCell.authenticationFailures);
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

  /** Stage 6. Where several workers receive, one of them at a time. */
  #markAuthentic(association: InboundAssociation, index: number, innerBytes: number, now: number): number {
    const { shared } = association.state;
    if (shared === null) return this.#mark(association, index, innerBytes, now);
    shared.acquire(association.state);
    const dropped = this.#mark(association, index, innerBytes, now);
    shared.release(association.state);
    return dropped;
  }

  #mark(association: InboundAssociation, index: number, innerBytes: number, now: number): number {
    const { hardBytes, hardPackets, state } = association;
    const sequence = this.#sequences[index]!;
    const repeated = this.#checkReplay(association, index);
    if (repeated !== passed) return repeated;
    this.#markWindow(association, index);
    this.#isNewest = sequence > state.highest;
    if (this.#isNewest) state.highest = sequence;
    const { cells } = this.#ports.counters;
    const base = this.#ports.counters.associationBase(association.slot);
    cells[base + AssociationCell.sequence] = state.highest;
    const packets = cells[base + AssociationCell.packets]! + 1;
    const bytes = cells[base + AssociationCell.bytes]! + association.outerBytes + innerBytes;
    if ((hardPackets > 0 && packets > hardPackets) || (hardBytes > 0 && bytes > hardBytes)) {
      return reason.expired;
    }
    cells[base + AssociationCell.packets] = packets;
    cells[base + AssociationCell.bytes] = bytes;
    cells[base + AssociationCell.lastUsedMs] = now;
    if (cells[base + AssociationCell.firstUsedMs] === 0) cells[base + AssociationCell.firstUsedMs] = now;
    return passed;
  }

  #markWindow({ state }: InboundAssociation, index: number): void {
    state.window?.mark(this.#sequences[index]!);
  }

  /** Stage 7. */
  #stripTrailer(
    association: InboundAssociation,
    index: number,
    offset: number,
    length: number,
    inner: number,
    now: number,
  ): number {
    if (inner < 0) return reason.padLength;
    const end = offset + length;
    if (association.checksPadding && !isSequentialPadding(this.#arena, end)) return reason.padBytes;
    const next = nextHeader(this.#arena, end);
    if (next === IpProtocol.none) return reason.dummy;
    if (next !== IpProtocol.ipv4 && next !== IpProtocol.ipv6) return reason.nextHeader;
    const entry = this.#placement.find(association, this.#messageOf[index]!);
    if (entry === null) return reason.outerMismatch;
    this.#slot = entry.row.slot;
    const family = next === IpProtocol.ipv4 ? 4 : 6;
    const tos = this.#outerTos[index]!;
    const refused = this.#delivery.take(association, entry.row, this.#arena, offset, inner, family, tos, now);
    if (refused === passed && entry.row.followsPeer) this.#followPeer(association, entry, index, now);
    return refused;
  }

  // Stage 8

  /** RFC 7296 §2.23: only after an authentic, newer packet, and only where replays are found out. */
  #followPeer({ sa, state }: InboundAssociation, { row, outer }: InboundInterface, index: number, now: number): void {
    if (sa.udp === null || !this.#isUdp || state.window === null || !this.#isNewest) return;
    const sender = this.#messageOf[index]!;
    const port = outer.peerPort === 0 ? sa.udp.sourcePort : outer.peerPort;
    const isThere = state.peer.isAt(this.#senders, sender, outer.family, outer.peer, port);
    if (isThere && (state.shared === null || !state.shared.hasMoved())) return;
    const peer = state.peer.follow(this.#senders, sender, now);
    if (peer === null) return;
    state.shared?.noteMove();
    this.#ports.emit({ kind: 'peer-moved', interfaceSlot: row.slot, association: sa.id, peer });
  }

  #drop(dropped: number): void {
    this.#observer?.dropped(dropped);
    this.#ports.counters.countDrop(this.#slot, dropped);
    this.#trail.drop(this.#slot, dropped, this.#messages, this.#senders, this.#now);
  }

  #countAssociation({ slot, state }: InboundAssociation, cell: number): void {
    const { shared } = state;
    const isAlone = shared === null || shared.isHeld;
    if (!isAlone) shared.acquire(state);
    this.#ports.counters.cells[this.#ports.counters.associationBase(slot) + cell]! += 1;
    if (!isAlone) shared.release(state);
  }
}

/** W of an association; without a window the high word is inferred as if it had the largest, so that reordering is no loss. */
function windowSize(association: InboundAssociation): number {
  return association.state.window?.size ?? largestWindow;
}
