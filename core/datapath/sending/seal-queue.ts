/**
 * Stages 7 and 8 of the outbound loop: packets gathered of one interface are sealed with one call, and sent with another.
 * A job holds on to its place in the source arena until the queue is flushed.
 * @module
 */
import { compatibilityIngressTos, normalIngressTos } from '#core/ip/ecn.ts';
import { IpProtocol } from '#core/ip/protocol.ts';
import { SealError, SealFlag, SealRow } from '#core/crypto/transform.ts';
import { sequenceHigh } from '#core/esp/extended-sequence.ts';
import { InterfaceCell } from '#core/datapath/counters.ts';
import { outboundDrop as reason, passed } from '#core/datapath/drop-number.ts';
import type { DatapathPorts } from '#core/datapath/outbound.ts';
import type { OutboundAssociation, OutboundInterface } from '#core/datapath/outbound-table.ts';
import { SendRow } from '#core/datapath/ports.ts';
import type { PacketInHand } from './packet-in-hand.ts';

/** Twice a batch of full segments, or one super-packet of very small ones. */
export const destinationBytes = 1024 * 1024;

/**
 * Where batches get their numbers when several workers send on one association, and where they are sealed to
 * (sharing/shared-numbers.ts).
 */
export type BatchLine = {
  readonly arena: Uint8Array;
  /** Memory of the nesting depths of an association, common to all workers. */
  depthsOf(slot: number): Uint8Array;
  /** Remember of a job of the batch in hand how much it counts, and how deep its packets are. */
  note(job: number, bytes: number, depth: number): void;
  /** Give all jobs their numbers, and the batch its turn. */
  number(jobs: Int32Array, count: number, associations: readonly OutboundAssociation[], now: number): void;
  /** Why a job got no numbers: the number of a reason, or `passed`. */
  refusal(job: number): number;
  /** The batch is done with, sent or not. */
  leave(): void;
};

/** What waits to be sealed and sent. */
export class SealQueue {
  readonly #ports: DatapathPorts;
  readonly #source: Uint8Array;
  readonly #destination: Uint8Array;
  readonly #line: BatchLine | null;
  readonly #maxJobs: number;
  readonly #jobs: Int32Array;
  readonly #sends: Int32Array;

  // The jobs, column by column.
  readonly #jobAssociations: OutboundAssociation[] = [];
  readonly #jobTos: Uint8Array;
  readonly #jobFlags: Uint8Array;
  readonly #jobInnerBytes: Float64Array;
  readonly #sendJobs: Int32Array;
  #jobCount = 0;
  #expectedBytes = 0;

  /** `source` is the arena that packets lie in. `line` is for one of several workers. */
  constructor(ports: DatapathPorts, source: Uint8Array, maxJobs: number, line: BatchLine | null = null) {
    this.#ports = ports;
    this.#line = line;
    this.#destination = line?.arena ?? new Uint8Array(destinationBytes);
    this.#source = source;
    this.#maxJobs = maxJobs;
    this.#jobs = new Int32Array(maxJobs * SealRow.stride);
    this.#sends = new Int32Array(maxJobs * SendRow.stride);
    this.#jobTos = new Uint8Array(maxJobs);
    this.#jobFlags = new Uint8Array(maxJobs);
    this.#jobInnerBytes = new Float64Array(maxJobs);
    this.#sendJobs = new Int32Array(maxJobs);
  }

  /** Whether one more job that becomes `espBytes` bytes fits. */
  hasRoom(espBytes: number): boolean {
    return this.#jobCount < this.#maxJobs && this.#expectedBytes + espBytes <= destinationBytes;
  }

  /** Add the packet in hand, for which IVs and numbers behind `state.sequence` are reserved: they are taken here. */
  add(entered: OutboundInterface, association: OutboundAssociation, packet: PacketInHand, espBytes: number): void {
    const { sa, state } = association;
    const { header, size } = packet;
    const jobs = this.#jobs;
    const at = this.#jobCount * SealRow.stride;
    const first = state.sequence + 1;
    state.sequence += size.segments;
    if (this.#line === null) state.recordDepth(first, size.segments, packet.depth);
    else this.#line.note(this.#jobCount, espBytes + size.segments * association.outerBytes, packet.depth);
    jobs[at + SealRow.sourceOffset] = packet.offset;
    jobs[at + SealRow.sourceLength] = header.totalLength;
    jobs[at + SealRow.transform] = sa.transform;
    jobs[at + SealRow.spi] = sa.spi;
    jobs[at + SealRow.sequenceLow] = first;
    jobs[at + SealRow.sequenceHigh] = sequenceHigh(first);
    jobs[at + SealRow.ivLow] = state.iv.low;
    jobs[at + SealRow.ivHigh] = state.iv.high;
    jobs[at + SealRow.nextHeader] = nextHeaderOf(packet);
    jobs[at + SealRow.gsoType] = packet.gsoType;
    jobs[at + SealRow.gsoSize] = packet.gsoSize;
    jobs[at + SealRow.csumStart] = packet.csumStart;
    jobs[at + SealRow.csumOffset] = packet.csumOffset;
    jobs[at + SealRow.flags] = (packet.needsChecksum ? SealFlag.needsChecksum : 0) | (sa.hasEsn ? SealFlag.esn : 0);
    jobs[at + SealRow.segmentCount] = size.segments;
    jobs[at + SealRow.tfcMultiple] = packet.tfcMultiple;
    jobs[at + SealRow.tfcLimit] = packet.tfcLimit;
    this.#jobAssociations[this.#jobCount] = association;
    // Stage 5 (RFC 6040 §4.1): link1 chooses normal mode.
    const { tos } = header;
    this.#jobTos[this.#jobCount] = entered.isEcnFriendly ? normalIngressTos(tos) : compatibilityIngressTos(tos);
    this.#jobFlags[this.#jobCount] = packet.outerFlags;
    this.#jobInnerBytes[this.#jobCount] = size.totalBytes();
    this.#jobCount++;
    this.#expectedBytes += espBytes;
  }

  /** Seal and send what was gathered; all of it entered one interface. */
  flush(entered: OutboundInterface, addresses: Uint8Array, now: number): void {
    if (this.#jobCount === 0) return;
    this.#line?.number(this.#jobs, this.#jobCount, this.#jobAssociations, now);
    this.#ports.transforms.seal(this.#jobs, this.#jobCount, this.#source, this.#destination);
    let sends = 0;
    for (let job = 0; job < this.#jobCount; job++) {
      if (this.#addSend(entered, job, sends)) sends++;
    }
    if (sends > 0) this.#ports.wire.send(this.#sends, sends, this.#destination, addresses);
    this.#line?.leave();
    for (let send = 0; send < sends; send++) this.#countSent(entered, send, now);
    this.#jobCount = 0;
    this.#expectedBytes = 0;
  }

  #addSend(entered: OutboundInterface, job: number, send: number): boolean {
    const from = job * SealRow.stride;
    const length = this.#jobs[from + SealRow.outLength]!;
    const association = this.#jobAssociations[job];
    if (length < 0 || association === undefined) {
      const refused = this.#line?.refusal(job) ?? passed;
      const failed = length === SealError.segmentation ? reason.segmentation : reason.engine;
      this.#countDrop(entered, job, refused === passed ? failed : refused, this.#jobs[from + SealRow.segmentCount]!);
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

  #countSent(entered: OutboundInterface, send: number, now: number): void {
    const job = this.#sendJobs[send]!;
    const segments = this.#jobs[job * SealRow.stride + SealRow.segmentCount]!;
    const result = this.#sends[send * SendRow.stride + SendRow.result]!;
    const sent = Math.min(segments, Math.max(0, result));
    // The path may have become narrower: the next packet asks, and is answered.
    if (result < 0) this.#jobAssociations[job]?.state.path.forget();
    if (sent < segments) this.#countDrop(entered, job, reason.send, segments - sent);
    if (sent === 0) return;
    const { counters } = this.#ports;
    const base = counters.interfaceBase(entered.slot);
    if (this.#isDummy(job)) {
      counters.cells[base + InterfaceCell.dummyPackets]! += sent;
      return;
    }
    counters.cells[base + InterfaceCell.outputPackets]! += sent;
    counters.cells[base + InterfaceCell.outputBytes]! += (this.#jobInnerBytes[job]! * sent) / segments;
    counters.cells[base + InterfaceCell.lastOutputMs] = now;
  }

  /** A dummy that is lost is no loss. */
  #countDrop({ slot }: OutboundInterface, job: number, dropped: number, packets: number): void {
    if (!this.#isDummy(job)) this.#ports.counters.countDrop(slot, dropped, packets);
  }

  #isDummy(job: number): boolean {
    return this.#jobs[job * SealRow.stride + SealRow.nextHeader] === IpProtocol.none;
  }
}

/** RFC 4303 §2.6. */
function nextHeaderOf({ isDummy, header }: PacketInHand): number {
  if (isDummy) return IpProtocol.none;
  return header.family === 4 ? IpProtocol.ipv4 : IpProtocol.ipv6;
}
