/**
 * The outbound loop's step: packets from a TUN device become ESP on the wire, a batch at a time.
 *
 *   1 read a batch from TUN; a super-packet stands for several packets (super-packet.ts)
 *   2 inner header, segment count, nesting
 *   3 interface: up, configured, link2, MTU per segment
 *   4 the interface's own policy -> association; none -> acquire
 *   5 outer header: TOS and ECN (RFC 6040 §4.1), TTL, DF; the path's MTU where it must be kept (RFC 4301 §8)
 *   6 reserve: lifetime, sequence numbers, IVs
 *   7 transform: segment, seal, back to back
 *   8 send
 *
 * A drop is a number with a counter, never an exception. Per packet nothing is allocated; arenas and rows are made once.
 * A super-packet counts as its segments everywhere, so sent + dropped by reason = read, always.
 * @module
 */
import type { Random } from '#core/base/port.ts';
import { HeaderCheck } from '#core/ip/header-check.ts';
import type { TransformPort } from '#core/crypto/transform.ts';
import { espPacketBytes } from '#core/esp/overhead.ts';
import { ipv6FlowLabel, ipv6MinimumMtu } from '#core/ip/ipv6.ts';
import { OutboundState, StateTable } from './association-state.ts';
import { AssociationCell, type Counters } from './counters.ts';
import { DropAudit } from './audit/drop-audit.ts';
import { outboundDrop as reason, passed } from './drop-number.ts';
import type { IpHeader } from './ip-header.ts';
import { deepestNesting, NestingGuard, ownTunnel } from './nesting.ts';
import { compileOutbound, emptyOutboundTable } from './outbound-table.ts';
import type { OutboundAssociation, OutboundInterface, OutboundPolicy } from './outbound-table.ts';
import { announcedMtu } from './path-mtu.ts';
import { SendFlag, TunReadRow, type TunPort, type WirePort } from './ports.ts';
import { IntervalTable } from './rate-limit.ts';
import { RefusalReply } from './refusal-reply.ts';
import { DummyPackets, emitDummyPayload, type SendDummy } from './sending/dummy-packets.ts';
import { FragmentVerdict, fragmentArenaBytes, fragmentVerdict, InnerFragments } from './sending/inner-fragments.ts';
import { hasKeepalives, Keepalives } from './sending/keepalive.ts';
import { PacketInHand } from './sending/packet-in-hand.ts';
import { destinationBytes, SealQueue, type BatchLine } from './sending/seal-queue.ts';
import { unheededIcmp, type DatapathEvent, type Snapshot } from './snapshot.ts';
import { TooBigReply } from './too-big-reply.ts';

/** What both loops need. */
export type DatapathPorts = {
  readonly tun: TunPort;
  readonly wire: WirePort;
  readonly transforms: TransformPort;
  readonly counters: Counters;
  /** Tell the control plane; rate-limited by the loops. */
  emit(event: DatapathEvent): void;
};

/** Our own sizes. A read stops while a whole 64 KiB packet still fits, so a batch is 192 to 256 KiB. */
const sourceBytes = 256 * 1024;
/** Packets of one batch at most; with those that a read gives, pieces of cut ones. */
export const maxPackets = 256;
/** Acquire events for one policy, log lines for one interface (if_ipsec.c logs each; a packet a microsecond may come). */
const repeatMs = 1000;
/** ESP packets of fragments are never as large: no inner packet is larger than the largest MTU. */
const largestFragment = 16 * 1024;
/** `tick` is to be called this often while there are keepalives to look for. */
const keepaliveLookMs = 1000;
/** Token of no device, for packets that nobody hears about. */
const noDevice = -1;

/** TUN to wire. A worker has one. */
export class Outbound {
  readonly #ports: DatapathPorts;
  readonly #tooBig: TooBigReply;
  readonly #refusals: RefusalReply;
  readonly #keepalives: Keepalives;
  readonly #nesting = new NestingGuard();
  readonly #states: StateTable<OutboundState>;
  readonly #acquires = new IntervalTable(repeatMs);
  readonly #nestingLogs = new IntervalTable(repeatMs);
  readonly #audit = new DropAudit();
  #table = emptyOutboundTable;
  #icmp = unheededIcmp;

  readonly #source = new Uint8Array(sourceBytes + fragmentArenaBytes);
  readonly #readArena = this.#source.subarray(0, sourceBytes);
  readonly #fragments = new InnerFragments(this.#source, sourceBytes);
  readonly #reads = new Int32Array(maxPackets * TunReadRow.stride);
  readonly #queue: SealQueue;
  readonly #dummies: DummyPackets;
  readonly #dummySender: SendDummy;

  // What the stages know of the packet in hand.
  readonly #packet = new PacketInHand();
  readonly #header = this.#packet.header;
  readonly #size = this.#packet.size;

  /** `random` draws the lengths of dummy packets. `line` is for one of several workers (sharing/). */
  constructor(ports: DatapathPorts, random: Random, line: BatchLine | null = null) {
    this.#ports = ports;
    this.#states = new StateTable((sa) => new OutboundState(sa, line?.depthsOf(sa.slot)));
    this.#tooBig = new TooBigReply(ports.tun);
    this.#refusals = new RefusalReply(ports.tun);
    this.#keepalives = new Keepalives(ports.wire, ports.counters);
    this.#queue = new SealQueue(ports, this.#source, maxPackets, line);
    this.#dummies = new DummyPackets(random);
    this.#dummySender = (entered, association, bytes, now) => this.#sendDummy(entered, association, bytes, now);
  }

  /** Milliseconds until `tick` wants to be called again; infinite when it has nothing to do until the next snapshot. */
  untilTickMs(now: number): number {
    const untilDummy = this.#dummies.untilDueMs(now);
    return hasKeepalives(this.#table) ? Math.min(keepaliveLookMs, untilDummy) : untilDummy;
  }

  /** Send keepalives (RFC 3948 §4) and dummy packets (RFC 4303 §2.6) that are due. */
  tick(now: number): void {
    this.#keepalives.tick(this.#table, now);
    this.#dummies.tick(now, this.#dummySender);
  }

  /** Decide by this snapshot from now on; whoever runs the loop acknowledges it. Sequence numbers and IVs of associations that it repeats go on. */
  apply(snapshot: Snapshot): void {
    this.#table = compileOutbound(snapshot, this.#states, this.#table);
    this.#dummies.apply(this.#table);
    this.#icmp = snapshot.icmp ?? unheededIcmp;
    this.#acquires.retain(() =>
      snapshot.interfaces.flatMap(({ ipv4, ipv6 }) => [ipv4?.outboundSpid, ipv6?.outboundSpid]),
    );
    this.#audit.apply(snapshot);
    this.#nestingLogs.retain(() => snapshot.interfaces.map((row) => row.slot));
  }

  /** Send one batch of what the device of this token holds. Returns how many rows were read. */
  pump(token: number, now: number): number {
    const count = this.#ports.tun.read(token, this.#readArena, this.#reads, maxPackets);
    const entered = this.#table.interfaces.get(token) ?? null;
    for (let row = 0; row < count; row++) {
      const at = row * TunReadRow.stride;
      const dropped = entered === null ? this.#refuse() : this.#decide(entered, token, at, now);
      if (dropped !== passed) this.#drop(entered, token, at, dropped, now);
    }
    if (entered !== null) this.#flush(entered, now);
    return Math.max(0, count);
  }

  /** Count a drop, and tell the inner sender where that is wanted (RFC 4301 §5.1.1). */
  #drop(entered: OutboundInterface | null, token: number, at: number, dropped: number, now: number): void {
    this.#ports.counters.countDrop(entered?.slot ?? 0, dropped, this.#size.segments);
    if (entered?.answersRefused !== true) return;
    const offset = this.#reads[at + TunReadRow.offset]!;
    this.#refusals.answer(token, dropped, this.#header, this.#source, offset, now);
  }

  /** A device that no snapshot names any more. */
  #refuse(): number {
    this.#size.segments = 1;
    return reason.notConfigured;
  }

  #decide(entered: OutboundInterface, token: number, at: number, now: number): number {
    this.#packet.take(this.#reads, at);
    const { offset } = this.#packet;
    let dropped = this.#readInner(entered, offset, now);
    if (dropped === passed) dropped = this.#checkInterface(entered, token, offset, now);
    if (dropped !== passed) return dropped;
    const policy = this.#header.family === 4 ? entered.ipv4 : entered.ipv6;
    if (policy === null) return reason.notConfigured;
    if (policy.action === 'discard') return reason.policy;
    const association = policy.association;
    if (association === null) return this.#acquire(entered, policy, now);
    const verdict = fragmentVerdict(this.#packet, association.innerLimit);
    if (verdict === FragmentVerdict.whole) return this.#send(entered, association, token, now);
    if (verdict === FragmentVerdict.cut) return this.#sendCut(entered, association, now);
    const announced = announcedMtu(association.innerLimit, this.#header.family);
    this.#tooBig.answer(token, this.#header, this.#source, offset, announced, now);
    return reason.tooBig;
  }

  /** Fragments count each by itself from here on. */
  #sendCut(entered: OutboundInterface, association: OutboundAssociation, now: number): number {
    if (!this.#fragments.begin(this.#packet, association.innerLimit)) return reason.segmentation;
    while (this.#fragments.hasNext()) {
      if (!this.#fragments.hasRoom() || !this.#queue.hasRoom(largestFragment)) this.#flush(entered, now);
      this.#fragments.next();
      this.#packet.takeWhole(this.#source, this.#fragments.offset, this.#fragments.length);
      const dropped = this.#send(entered, association, noDevice, now);
      if (dropped !== passed) this.#ports.counters.countDrop(entered.slot, dropped);
    }
    return passed;
  }

  /** Stages 5 and 6, and on to the queue. */
  #send(entered: OutboundInterface, association: OutboundAssociation, token: number, now: number): number {
    const { offset } = this.#packet;
    let dropped = this.#planOuter(entered, association, token, offset, now);
    if (dropped === passed) dropped = this.#reserve(entered, association, now);
    if (dropped === reason.seqOverflow) this.#auditOverflow(entered, association, offset, now);
    if (dropped === passed) this.#queue.add(entered, association, this.#packet, this.#espTotal(association));
    return dropped;
  }

  // Stage 2

  #readInner(entered: OutboundInterface, offset: number, now: number): number {
    this.#size.segments = 1;
    const { length, gsoType, gsoSize } = this.#packet;
    if (this.#header.read(this.#source, offset, length, 0) !== HeaderCheck.valid) return reason.innerHeader;
    if (!this.#size.measure(this.#header, this.#source, offset, length, gsoType, gsoSize)) return reason.segmentation;
    const depth = this.#nesting.depthOf(this.#table, entered, this.#header, this.#source, offset);
    this.#packet.depth = depth;
    if (depth === ownTunnel) return reason.routeLoop;
    if (depth <= deepestNesting) return passed;
    this.#logNesting(entered, now);
    return reason.nesting;
  }

  #logNesting(entered: OutboundInterface, now: number): void {
    if (!this.#nestingLogs.take(entered.slot, now)) return;
    const message = `${entered.name}: recursively called too many times(${this.#packet.depth})`;
    this.#ports.emit({ kind: 'log', message });
  }

  // Stage 3, in NetBSD's order (if_ipsec.c, if_ipsec_output)

  #checkInterface(entered: OutboundInterface, token: number, offset: number, now: number): number {
    if (!entered.isUp) return reason.interfaceDown;
    if (!entered.isConfigured) return reason.notConfigured;
    if (this.#header.family === 6 && !entered.forwardsIpv6) return reason.ipv6Disabled;
    if (this.#size.segmentBytes > entered.mtu) {
      this.#tooBig.answer(token, this.#header, this.#source, offset, entered.mtu, now);
      return reason.tooBig;
    }
    return entered.isOuterUsable ? passed : reason.outerAddress;
  }

  // Stage 4

  #acquire(entered: OutboundInterface, policy: OutboundPolicy, now: number): number {
    if (this.#acquires.take(policy.spid, now)) {
      this.#ports.emit({ kind: 'acquire', interfaceSlot: entered.slot, spid: policy.spid });
    }
    return reason.noSa;
  }

  // Stage 5 (RFC 4301 §8.1, §8.2.1)

  /**
   * DF and fragmentation of the outer packet. Where the path's MTU is to be kept, a packet that is too large for it and
   * may not be fragmented inside is answered; one that may be, or that the sender has a right to, is fragmented outside.
   */
  #planOuter(
    entered: OutboundInterface,
    association: OutboundAssociation,
    token: number,
    offset: number,
    now: number,
  ): number {
    const { sa, state, index } = association;
    if (!keepsPath(entered, sa.family, this.#header)) {
      this.#planPadding(entered, association, 0);
      const outerBytes = this.#outerBytes(association);
      if (sa.family === 6 && outerBytes > ipv6MinimumMtu) this.#packet.outerFlags = SendFlag.minimumMtu;
      return passed;
    }
    const { counters, wire } = this.#ports;
    const told = counters.cells[counters.commonBase(sa.slot) + AssociationCell.pathMtu]!;
    const innerMtu = state.path.innerMtu(sa, wire, this.#table.addresses, index, told, this.#icmp, now);
    const { segmentBytes } = this.#size;
    this.#planPadding(entered, association, innerMtu);
    if (innerMtu === 0 || segmentBytes <= innerMtu) {
      const outerBytes = this.#outerBytes(association);
      if (sa.family === 4 && !state.path.isDoubtful(outerBytes)) this.#packet.outerFlags = SendFlag.dontFragment;
      return passed;
    }
    const announced = announcedMtu(innerMtu, this.#header.family);
    if (segmentBytes <= announced || !this.#header.hasDontFragment) {
      // Over IPv4 routers cut what has no DF; over IPv6 only the sender does.
      if (sa.family === 6) this.#packet.outerFlags = SendFlag.minimumMtu;
      return passed;
    }
    this.#tooBig.answer(token, this.#header, this.#source, offset, announced, now);
    return reason.tooBig;
  }

  /** RFC 4303 §2.7: never beyond what goes as one packet. */
  #planPadding({ mtu, tfcMultiple }: OutboundInterface, { innerLimit }: OutboundAssociation, pathLimit: number): void {
    this.#packet.tfcMultiple = tfcMultiple;
    this.#packet.tfcLimit = Math.min(mtu, innerLimit || mtu, pathLimit || mtu);
  }

  /** Bytes of the largest outer packet that the packet in hand becomes. */
  #outerBytes({ sa, outerBytes }: OutboundAssociation): number {
    return outerBytes + espPacketBytes(this.#packet.paddedBytes(this.#size.segmentBytes), sa);
  }

  // Stage 6

  /** Take numbers for all segments, or none. What is taken is used up, also when sealing or sending fails later. */
  #reserve(entered: OutboundInterface, association: OutboundAssociation, now: number): number {
    const { sa, state } = association;
    const { cells } = this.#ports.counters;
    const base = this.#ports.counters.associationBase(sa.slot);
    const packets = cells[base + AssociationCell.packets]! + this.#size.segments;
    const espTotal = this.#espTotal(association);
    const bytes = cells[base + AssociationCell.bytes]! + espTotal + this.#size.segments * association.outerBytes;
    if (sa.hardPackets > 0 && packets > sa.hardPackets)
      return this.#exhaust(association, reason.expired, 'packets', now);
    if (sa.hardBytes > 0 && bytes > sa.hardBytes) return this.#exhaust(association, reason.expired, 'bytes', now);
    if (state.sequence + this.#size.segments > association.lastSequence) {
      return this.#exhaust(association, reason.seqOverflow, 'sequence', now);
    }
    if (espTotal > destinationBytes) return reason.segmentation;
    if (sa.hasCounterIv && !this.#reserveIv(association, now)) return reason.ivExhausted;
    if (!this.#queue.hasRoom(espTotal)) this.#flush(entered, now);
    cells[base + AssociationCell.packets] = packets;
    cells[base + AssociationCell.bytes] = bytes;
    cells[base + AssociationCell.lastUsedMs] = now;
    if (cells[base + AssociationCell.firstUsedMs] === 0) cells[base + AssociationCell.firstUsedMs] = now;
    cells[base + AssociationCell.sequence] = state.sequence + this.#size.segments;
    return passed;
  }

  /** Bytes of all ESP packets that the packet in hand becomes. */
  #espTotal(association: OutboundAssociation): number {
    const { segments, segmentBytes, lastSegmentBytes } = this.#size;
    const full = espPacketBytes(this.#packet.paddedBytes(segmentBytes), association.sa);
    return (segments - 1) * full + espPacketBytes(this.#packet.paddedBytes(lastSegmentBytes), association.sa);
  }

  #reserveIv(association: OutboundAssociation, now: number): boolean {
    const { iv, ivRequest } = association.state;
    const isReserved = iv.reserve(this.#size.segments);
    if (iv.isRunningOut() && ivRequest.take(now)) {
      this.#ports.emit({ kind: 'iv-needed', association: association.sa.id });
    }
    return isReserved;
  }

  #exhaust(association: OutboundAssociation, dropped: number, what: string, now: number): number {
    if (association.state.exhaustedReport.take(now)) {
      this.#ports.emit({ kind: 'exhausted', association: association.sa.id, reason: what });
    }
    return dropped;
  }

  /** RFC 4303 §3.3.3, with the flow label of the clear text. */
  #auditOverflow(entered: OutboundInterface, { sa, state }: OutboundAssociation, offset: number, now: number): void {
    const packets = this.#audit.admit(entered.slot, reason.seqOverflow, this.#size.segments, now);
    if (packets === 0) return;
    const { family, source, destination, spi } = sa;
    const drop = {
      ...{ reason: reason.seqOverflow, interfaceSlot: entered.slot, family, source, destination, spi, packets },
      sequence: state.sequence,
      flowLabel: this.#header.family === 6 ? ipv6FlowLabel(this.#source, offset) : null,
    };
    this.#ports.emit({ kind: 'audit', drop });
  }

  // Stages 7 and 8

  /** Seal and send what was gathered; all of it entered one interface. */
  #flush(entered: OutboundInterface, now: number): void {
    this.#queue.flush(entered, this.#table.addresses, now);
    this.#fragments.clear();
  }

  /** One dummy packet (RFC 4303 §2.6). It uses up what a real one does; one that cannot be sent is no drop. */
  #sendDummy(entered: OutboundInterface, association: OutboundAssociation, bytes: number, now: number): void {
    const length = association.innerLimit === 0 ? bytes : Math.min(bytes, association.innerLimit);
    emitDummyPayload(this.#source, 0, length);
    this.#packet.takeWhole(this.#source, 0, length);
    this.#packet.isDummy = true;
    this.#packet.depth = 0;
    if (this.#send(entered, association, noDevice, now) !== passed) return;
    this.#flush(entered, now);
    this.#keepalives.noteSent(entered, now);
  }
}

/** Whether outer packets are to keep the path's MTU, rather than to be fragmented where they do not fit (RFC 4301 §8.1). */
function keepsPath(entered: OutboundInterface, outerFamily: 4 | 6, header: IpHeader): boolean {
  if (outerFamily === 6) return entered.pathMtuDiscovery;
  return entered.dontFragment === 'set' || (entered.dontFragment === 'copy' && header.hasDontFragment);
}
