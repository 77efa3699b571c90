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
import { compatibilityIngressTos, normalIngressTos } from '#core/ip/ecn.ts';
import { HeaderCheck } from '#core/ip/header-check.ts';
import { IpProtocol } from '#core/ip/protocol.ts';
import { SealError, SealFlag, SealRow, type TransformPort } from '#core/crypto/transform.ts';
import { espPacketBytes } from '#core/esp/overhead.ts';
import { ipv6FlowLabel, ipv6MinimumMtu } from '#core/ip/ipv6.ts';
import { sequenceHigh } from '#core/esp/extended-sequence.ts';
import { OutboundState, StateTable } from './association-state.ts';
import { AssociationCell, InterfaceCell, type Counters } from './counters.ts';
import { DropAudit } from './drop-audit.ts';
import { outboundDrop as reason, passed } from './drop-number.ts';
import { IpHeader } from './ip-header.ts';
import { hasKeepalives, Keepalives } from './keepalive.ts';
import { deepestNesting, NestingGuard, ownTunnel } from './nesting.ts';
import { compileOutbound, emptyOutboundTable } from './outbound-table.ts';
import type { OutboundAssociation, OutboundInterface, OutboundPolicy } from './outbound-table.ts';
import { announcedMtu } from './path-mtu.ts';
import { SendFlag, SendRow, TunReadRow, type TunPort, type WirePort } from './ports.ts';
import { IntervalTable } from './rate-limit.ts';
import { RefusalReply } from './refusal-reply.ts';
import { unheededIcmp, type DatapathEvent, type Snapshot } from './snapshot.ts';
import { plainGsoType, SegmentCount } from './super-packet.ts';
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
const maxPackets = 256;
/** Twice a batch of full segments, or one super-packet of very small ones. */
const destinationBytes = 1024 * 1024;
/** Acquire events for one policy, log lines for one interface (if_ipsec.c logs each; a packet a microsecond may come). */
const repeatMs = 1000;

/** TUN to wire. One worker has one. */
export class Outbound {
  readonly #ports: DatapathPorts;
  readonly #tooBig: TooBigReply;
  readonly #refusals: RefusalReply;
  readonly #keepalives: Keepalives;
  readonly #nesting = new NestingGuard();
  readonly #states = new StateTable((association) => new OutboundState(association));
  readonly #acquires = new IntervalTable(repeatMs);
  readonly #nestingLogs = new IntervalTable(repeatMs);
  readonly #audit = new DropAudit();
  #table = emptyOutboundTable;
  #icmp = unheededIcmp;

  readonly #source = new Uint8Array(sourceBytes);
  readonly #destination = new Uint8Array(destinationBytes);
  readonly #reads = new Int32Array(maxPackets * TunReadRow.stride);
  readonly #jobs = new Int32Array(maxPackets * SealRow.stride);
  readonly #sends = new Int32Array(maxPackets * SendRow.stride);

  // The jobs of this batch, column by column.
  readonly #jobAssociations: OutboundAssociation[] = [];
  readonly #jobTos = new Uint8Array(maxPackets);
  readonly #jobFlags = new Uint8Array(maxPackets);
  readonly #jobInnerBytes = new Float64Array(maxPackets);
  readonly #sendJobs = new Int32Array(maxPackets);
  #jobCount = 0;
  #expectedBytes = 0;

  // The packet in hand, set by its stages.
  readonly #header = new IpHeader();
  readonly #size = new SegmentCount();
  #depth = 0;
  /** `SendFlag`s. */
  #outerFlags = 0;

  constructor(ports: DatapathPorts) {
    this.#ports = ports;
    this.#tooBig = new TooBigReply(ports.tun);
    this.#refusals = new RefusalReply(ports.tun);
    this.#keepalives = new Keepalives(ports.wire, ports.counters);
  }

  /** Whether `tick` has something to do, now or later. */
  get hasKeepalives(): boolean {
    return hasKeepalives(this.#table);
  }

  /** Send keepalives that are due (RFC 3948 §4). Called at least once a second. */
  tick(now: number): void {
    this.#keepalives.tick(this.#table, now);
  }

  /** Decide by this snapshot from now on; whoever runs the loop acknowledges it. Sequence numbers and IVs of associations that it repeats go on. */
  apply(snapshot: Snapshot): void {
    this.#table = compileOutbound(snapshot, this.#states, this.#table);
    this.#acquires.retain(() => snapshot.interfaces.flatMap(({ ipv4, ipv6 }) => [ipv4?.outboundSpid, ipv6?.outboundSpid]));
    this.#audit.apply(snapshot);
    this.#icmp = snapshot.icmp ?? unheededIcmp;
    this.#nestingLogs.retain(() => snapshot.interfaces.map((row) => row.slot));
  }

  /** Send one batch of what the device of this token holds. Returns how many rows were read. */
  pump(token: number, now: number): number {
    const count = this.#ports.tun.read(token, this.#source, this.#reads, maxPackets);
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
    const offset = this.#reads[at + TunReadRow.offset]!;
    let dropped = this.#readInner(entered, at, offset, now);
    if (dropped === passed) dropped = this.#checkInterface(entered, token, offset, now);
    if (dropped !== passed) return dropped;
    const policy = this.#header.family === 4 ? entered.ipv4 : entered.ipv6;
    if (policy === null) return reason.notConfigured;
    if (policy.action === 'discard') return reason.policy;
    const association = policy.association;
    if (association === null) return this.#acquire(entered, policy, now);
    dropped = this.#planOuter(entered, association, token, offset, now);
    if (dropped === passed) dropped = this.#reserve(entered, association, now);
    if (dropped === reason.seqOverflow) this.#auditOverflow(entered, association, offset, now);
    if (dropped === passed) this.#addJob(entered, association, at, offset);
    return dropped;
  }

  // Stage 2

  #readInner(entered: OutboundInterface, at: number, offset: number, now: number): number {
    this.#size.segments = 1;
    const length = this.#reads[at + TunReadRow.length]!;
    if (this.#header.read(this.#source, offset, length, 0) !== HeaderCheck.valid) return reason.innerHeader;
    const gsoType = plainGsoType(this.#reads[at + TunReadRow.gsoType]!);
    const gsoSize = this.#reads[at + TunReadRow.gsoSize]!;
    if (!this.#size.measure(this.#header, this.#source, offset, length, gsoType, gsoSize)) return reason.segmentation;
    this.#depth = this.#nesting.depthOf(this.#table, entered, this.#header, this.#source, offset);
    if (this.#depth === ownTunnel) return reason.routeLoop;
    if (this.#depth <= deepestNesting) return passed;
    this.#logNesting(entered, now);
    return reason.nesting;
  }

  #logNesting(entered: OutboundInterface, now: number): void {
    if (!this.#nestingLogs.take(entered.slot, now)) return;
    const message = `${entered.name}: recursively called too many times(${this.#depth})`;
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
    this.#outerFlags = 0;
    const { sa, state, index } = association;
    if (!keepsPath(entered, sa.family, this.#header)) {
      const outerBytes = association.outerBytes + espPacketBytes(this.#size.segmentBytes, sa);
      if (sa.family === 6 && outerBytes > ipv6MinimumMtu) this.#outerFlags = SendFlag.minimumMtu;
      return passed;
    }
    const { counters, wire } = this.#ports;
    const told = counters.cells[counters.associationBase(sa.slot) + AssociationCell.pathMtu]!;
    const innerMtu = state.path.innerMtu(sa, wire, this.#table.addresses, index, told, this.#icmp, now);
    const { segmentBytes } = this.#size;
    if (innerMtu === 0 || segmentBytes <= innerMtu) {
      const outerBytes = association.outerBytes + espPacketBytes(segmentBytes, sa);
      if (sa.family === 4 && !state.path.isDoubtful(outerBytes)) this.#outerFlags = SendFlag.dontFragment;
      return passed;
    }
    const announced = announcedMtu(innerMtu, this.#header.family);
    if (segmentBytes <= announced || !this.#header.hasDontFragment) {
      // Over IPv4 routers cut what has no DF; over IPv6 only the sender does.
      if (sa.family === 6) this.#outerFlags = SendFlag.minimumMtu;
      return passed;
    }
    this.#tooBig.answer(token, this.#header, this.#source, offset, announced, now);
    return reason.tooBig;
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
    if (this.#expectedBytes + espTotal > destinationBytes) this.#flush(entered, now);
    this.#expectedBytes += espTotal;
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
    const full = espPacketBytes(segmentBytes, association.sa);
    return (segments - 1) * full + espPacketBytes(lastSegmentBytes, association.sa);
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

  // Stage 7

  #addJob(entered: OutboundInterface, association: OutboundAssociation, read: number, offset: number): void {
    const { sa, state } = association;
    const { tos, family, totalLength } = this.#header;
    const jobs = this.#jobs;
    const at = this.#jobCount * SealRow.stride;
    const first = state.sequence + 1;
    state.sequence += this.#size.segments;
    state.recordDepth(first, this.#size.segments, this.#depth);
    jobs[at + SealRow.sourceOffset] = offset;
    jobs[at + SealRow.sourceLength] = totalLength;
    jobs[at + SealRow.transform] = sa.transform;
    jobs[at + SealRow.spi] = sa.spi;
    jobs[at + SealRow.sequenceLow] = first;
    jobs[at + SealRow.sequenceHigh] = sequenceHigh(first);
    jobs[at + SealRow.ivLow] = state.iv.low;
    jobs[at + SealRow.ivHigh] = state.iv.high;
    jobs[at + SealRow.nextHeader] = family === 4 ? IpProtocol.ipv4 : IpProtocol.ipv6;
    jobs[at + SealRow.gsoType] = plainGsoType(this.#reads[read + TunReadRow.gsoType]!);
    jobs[at + SealRow.gsoSize] = this.#reads[read + TunReadRow.gsoSize]!;
    jobs[at + SealRow.csumStart] = this.#reads[read + TunReadRow.csumStart]!;
    jobs[at + SealRow.csumOffset] = this.#reads[read + TunReadRow.csumOffset]!;
    const checksum = this.#reads[read + TunReadRow.needsChecksum] !== 0 ? SealFlag.needsChecksum : 0;
    jobs[at + SealRow.flags] = checksum | (sa.hasEsn ? SealFlag.esn : 0);
    jobs[at + SealRow.segmentCount] = this.#size.segments;
    this.#jobAssociations[this.#jobCount] = association;
    // Stage 5 (RFC 6040 §4.1): link1 chooses normal mode.
    this.#jobTos[this.#jobCount] = entered.isEcnFriendly ? normalIngressTos(tos) : compatibilityIngressTos(tos);
    this.#jobFlags[this.#jobCount] = this.#outerFlags;
    this.#jobInnerBytes[this.#jobCount] = this.#size.totalBytes();
    this.#jobCount++;
  }

  /** Seal and send the jobs gathered so far; all of them entered one interface. */
  #flush(entered: OutboundInterface, now: number): void {
    if (this.#jobCount === 0) return;
    this.#ports.transforms.seal(this.#jobs, this.#jobCount, this.#source, this.#destination);
    let sends = 0;
    for (let job = 0; job < this.#jobCount; job++) {
      if (this.#addSend(entered, job, sends)) sends++;
    }
    if (sends > 0) this.#ports.wire.send(this.#sends, sends, this.#destination, this.#table.addresses);
    for (let send = 0; send < sends; send++) this.#countSent(entered, send, now);
    this.#jobCount = 0;
    this.#expectedBytes = 0;
  }

  #addSend(entered: OutboundInterface, job: number, send: number): boolean {
    const from = job * SealRow.stride;
    const length = this.#jobs[from + SealRow.outLength]!;
    const association = this.#jobAssociations[job];
    if (length < 0 || association === undefined) {
      const dropped = length === SealError.segmentation ? reason.segmentation : reason.engine;
      this.#ports.counters.countDrop(entered.slot, dropped, this.#jobs[from + SealRow.segmentCount]);
      return false;
    }
    const sends = this.#sends;
    const at = send * SendRow.stride;
    sends[at + SendRow.socket] = association.sa.socket;
    sends[at + SendRow.offset] = this.#jobs[from + SealRow.outOffset]!;
    sends[at + SendRow.length] = length;
    sends[at + SendRow.segmentBytes] = this.#jobs[from + SealRow.outSegmentBytes]!;
    sends[at + SendRow.address] = association.index;
    sends[at + SendRow.tos] = this.#jobTos[job]!;
    sends[at + SendRow.flags] = this.#jobFlags[job]!;
    sends[at + SendRow.ttl] = entered.outerTtl;
    sends[at + SendRow.result] = 0;
    this.#sendJobs[send] = job;
    return true;
  }

  // Stage 8

  #countSent(entered: OutboundInterface, send: number, now: number): void {
    const job = this.#sendJobs[send]!;
    const segments = this.#jobs[job * SealRow.stride + SealRow.segmentCount]!;
    const result = this.#sends[send * SendRow.stride + SendRow.result]!;
    const sent = Math.min(segments, Math.max(0, result));
    // The path may have become narrower: the next packet asks, and is answered.
    if (result < 0) this.#jobAssociations[job]?.state.path.forget();
    const { counters } = this.#ports;
    if (sent < segments) counters.countDrop(entered.slot, reason.send, segments - sent);
    if (sent === 0) return;
    const base = counters.interfaceBase(entered.slot);
    counters.cells[base + InterfaceCell.outputPackets]! += sent;
    counters.cells[base + InterfaceCell.outputBytes]! += (this.#jobInnerBytes[job]! * sent) / segments;
    counters.cells[base + InterfaceCell.lastOutputMs] = now;
  }
}

/** Whether outer packets are to keep the path's MTU, rather than to be fragmented where they do not fit (RFC 4301 §8.1). */
function keepsPath(entered: OutboundInterface, outerFamily: 4 | 6, header: IpHeader): boolean {
  if (outerFamily === 6) return entered.pathMtuDiscovery;
  return entered.dontFragment === 'set' || (entered.dontFragment === 'copy' && header.hasDontFragment);
}
