import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readU32 } from '#core/base/bytes.ts';
import { SealRow, type TransformPort } from '#core/crypto/transform.ts';
import { PortableTransform } from '#core/crypto/portable-transform.ts';
import { lastSequenceEsn, OutboundState, StateTable } from '#core/datapath/association-state.ts';
import { AssociationCell, counterMemory, Counters, InterfaceCell } from '#core/datapath/counters.ts';
import { outboundDrop as reason } from '#core/datapath/drop-number.ts';
import { maxPackets, Outbound } from '#core/datapath/outbound.ts';
import { compileOutbound, type OutboundAssociation } from '#core/datapath/outbound-table.ts';
import { destinationBytes } from '#core/datapath/sending/seal-queue.ts';
import { depthMemory, SharedNumbers } from '#core/datapath/sharing/shared-numbers.ts';
import { WorkerShare } from '#core/datapath/sharing/worker-share.ts';
import type { SnapshotAssociation } from '#core/datapath/snapshot.ts';
import { SeededRandom } from '#core/host/memory/seeded-random.ts';
import { present } from '#test/fixtures/read-fixture.ts';
import { FakeTun, FakeWire } from '#test/support/fake-ports.ts';
import { gcmSpec, makeAssociation, makeInterface, makeSnapshot, outer4, tokens } from '#test/support/test-datapath.ts';
import { udp } from '#test/support/test-sender.ts';

const depths = depthMemory();
/** Outer bytes of each packet: IPv4, ESP header, IV, 36 bytes and their trailer, ICV. */
const packetBytes = 20 + 8 + 8 + 40 + 16;

/** Outbound workers of one interface and association, in one thread: `duringSeal` runs while one of them seals. */
class Workers {
  readonly wire = new FakeWire();
  readonly counters: Counters;
  readonly exhausted: string[] = [];
  /** High words of the numbers of jobs, as they were sealed. */
  readonly highWords: number[] = [];
  duringSeal: (() => void) | null = null;
  readonly #outbounds: { readonly tun: FakeTun; readonly outbound: Outbound }[];

  constructor(count: number, changes: Partial<SnapshotAssociation> = {}) {
    const memory = counterMemory(1 + count);
    this.counters = new Counters(memory);
    const portable = new PortableTransform(new SeededRandom(1));
    const association = makeAssociation({
      ...{ transform: portable.create(gcmSpec), source: outer4.local, destination: outer4.peer, socket: tokens.esp4 },
      ivHighs: Array.from({ length: count }, (_, index) => 100 + index),
      ...changes,
    });
    const policy = { action: 'protect', outboundSpid: 2, outboundAssociation: 1, inboundReqid: 0 } as const;
    const snapshot = makeSnapshot({
      interfaces: [makeInterface({ ipv4: policy, ipv6: policy })],
      outbound: [association],
    });
    this.#outbounds = Array.from({ length: count }, (_, index) => {
      const counters = new Counters(memory, { interfaces: 1 + index, associations: 1 + index });
      const place = { arena: new Uint8Array(destinationBytes), begin: () => true, end: () => {}, leave: () => {} };
      const numbers = new SharedNumbers(place, counters, depths, maxPackets);
      const tun = new FakeTun();
      const emit = (event: { kind: string; reason?: string }): void => {
        if (event.kind === 'exhausted') this.exhausted.push(event.reason ?? '');
      };
      const ports = { tun, wire: this.wire, counters, transforms: this.#interrupted(portable), emit };
      const outbound = new Outbound(ports, new SeededRandom(2), numbers);
      outbound.apply(new WorkerShare({ index, count }, (token) => token).outbound(snapshot));
      return { tun, outbound };
    });
  }

  /** One worker sends so many packets. */
  send(worker: number, packets: number): void {
    const { tun, outbound } = present(this.#outbounds[worker % this.#outbounds.length]);
    for (let packet = 0; packet < packets; packet++) tun.toRead.push({ bytes: udp(8) });
    outbound.pump(tokens.tun, 1000);
  }

  get sequences(): number[] {
    return this.wire.sent.map(({ bytes }) => readU32(bytes, 4));
  }

  get ivs(): string[] {
    return this.wire.sent.map(({ bytes }) => `${readU32(bytes, 8)} ${readU32(bytes, 12)}`);
  }

  usage(cell: number): number {
    return this.counters.cells[this.counters.commonBase(1) + cell]!;
  }

  #interrupted(portable: TransformPort): TransformPort {
    return {
      create: (spec) => portable.create(spec),
      free: (handle) => portable.free(handle),
      open: (rows, count, arena) => portable.open(rows, count, arena),
      seal: (rows, count, source, destination) => {
        const run = this.duringSeal;
        this.duringSeal = null;
        run?.();
        for (let job = 0; job < count; job++) this.highWords.push(rows[job * SealRow.stride + SealRow.sequenceHigh]!);
        portable.seal(rows, count, source, destination);
      },
    };
  }
}

const turns = fc.array(fc.record({ worker: fc.nat(3), packets: fc.integer({ min: 1, max: 9 }), inside: fc.nat(3) }), {
  minLength: 1,
  maxLength: 25,
});

test('whoever seals while others seal: no number is given out twice, none is left out, no IV is used twice', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 4 }), turns, (count, schedule) => {
      const workers = new Workers(count);
      let sent = 0;
      for (const { worker, packets, inside } of schedule) {
        sent += packets;
        if (inside > 0 && (worker + inside) % count !== worker % count) {
          sent += inside;
          workers.duringSeal = () => workers.send(worker + inside, inside);
        }
        workers.send(worker, packets);
      }
      const sorted = workers.sequences.sort((left, right) => left - right);
      assert.deepEqual(
        sorted,
        Array.from({ length: sent }, (_, index) => index + 1),
      );
      assert.equal(new Set(workers.ivs).size, sent);
      assert.equal(workers.usage(AssociationCell.packets), sent);
      assert.equal(workers.usage(AssociationCell.sequence), sent);
      assert.equal(workers.usage(AssociationCell.bytes), sent * packetBytes);
      assert.equal(workers.counters.total(1, InterfaceCell.outputPackets), sent);
    }),
    { numRuns: 60 },
  );
});

test('a limit of packets holds for all workers together, however they interleave, and what is refused is counted', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 4 }), turns, fc.nat(60), (count, schedule, hardPackets) => {
      const workers = new Workers(count, { hardPackets: hardPackets + 1 });
      let read = 0;
      for (const { worker, packets, inside } of schedule) {
        read += packets;
        workers.send(worker, packets);
        if (inside > 0) workers.send(worker + inside, inside);
        read += inside;
      }
      assert.equal(workers.wire.sent.length, Math.min(read, hardPackets + 1));
      assert.equal(workers.counters.drops(1, reason.expired), read - workers.wire.sent.length);
      assert.equal(workers.usage(AssociationCell.packets), workers.wire.sent.length);
    }),
    { numRuns: 60 },
  );
});

test('a limit of bytes is passed by nobody, also when a worker has not heard yet what another has sent', () => {
  const workers = new Workers(2, { hardBytes: 5 * packetBytes });
  workers.send(0, 1);
  workers.duringSeal = () => workers.send(1, 9);
  workers.send(0, 2);
  assert.equal(workers.wire.sent.length, 5);
  assert.equal(workers.usage(AssociationCell.bytes), 5 * packetBytes);
  workers.send(0, 1);
  assert.deepEqual([...new Set(workers.exhausted)], ['bytes']);
});

for (const { name, hasEsn, last } of [
  { name: '2³²', hasEsn: false, last: 0xffffffff },
  { name: 'the last number of an extended one', hasEsn: true, last: lastSequenceEsn },
]) {
  test(`at ${name} all workers stop: the last number is sent once, and none after it (RFC 4303 §3.3.3)`, () => {
    const workers = new Workers(3, { hasEsn, initialSequence: last - 10 });
    for (let turn = 0; turn < 12; turn++) workers.send(turn, 1 + (turn % 3));
    const low = Array.from({ length: 10 }, (_, index) => (last - 9 + index) >>> 0);
    assert.deepEqual(workers.sequences, low);
    assert.equal(workers.usage(AssociationCell.sequence), last);
    assert.equal(workers.counters.drops(1, reason.seqOverflow), 24 - 10);
    assert.ok(workers.exhausted.includes('sequence'));
  });
}

test('the last numbers go to who takes them first, also when another has decided before', () => {
  const workers = new Workers(2, { initialSequence: 0xffffffff - 4 });
  workers.duringSeal = () => workers.send(1, 4);
  workers.send(0, 2);
  assert.deepEqual(
    workers.sequences.sort((left, right) => left - right),
    [0xfffffffc, 0xfffffffd, 0xfffffffe, 0xffffffff],
  );
  assert.equal(workers.counters.drops(1, reason.seqOverflow), 2);
});

test('the high word of an extended number goes into the ICV as it was taken', () => {
  const workers = new Workers(2, { hasEsn: true, initialSequence: 0xfffffffe });
  workers.send(0, 1);
  workers.send(1, 1);
  assert.deepEqual(workers.sequences, [0xffffffff, 0]);
  assert.equal(workers.usage(AssociationCell.sequence), 0x1_0000_0000);
  assert.deepEqual(workers.highWords, [0, 1]);
});

test('without the line nothing gets a number, and the packets are counted as not sent', () => {
  const counters = new Counters(counterMemory(2), { interfaces: 1, associations: 1 });
  const place = { arena: new Uint8Array(destinationBytes), begin: () => false, end: () => {}, leave: () => {} };
  const wire = new FakeWire();
  const tun = new FakeTun();
  const transforms = new PortableTransform(new SeededRandom(1));
  const numbers = new SharedNumbers(place, counters, depths, maxPackets);
  const outbound = new Outbound({ tun, wire, counters, transforms, emit: () => {} }, new SeededRandom(2), numbers);
  const policy = { action: 'protect', outboundSpid: 2, outboundAssociation: 1, inboundReqid: 0 } as const;
  const association = makeAssociation({ transform: transforms.create(gcmSpec), socket: tokens.esp4 });
  outbound.apply(makeSnapshot({ interfaces: [makeInterface({ ipv4: policy })], outbound: [association] }));
  tun.toRead.push({ bytes: udp() }, { bytes: udp() });
  outbound.pump(tokens.tun, 1000);
  assert.equal(wire.sent.length, 0);
  assert.equal(counters.drops(1, reason.send), 2);
});

test('how deep a packet is nested, which one worker sealed, another knows when it comes back', () => {
  const counters = new Counters(counterMemory(3), { interfaces: 1, associations: 1 });
  const place = { arena: new Uint8Array(64), begin: () => true, end: () => {}, leave: () => {} };
  const [one, other] = [0, 1].map(() => new SharedNumbers(place, counters, depths, maxPackets));
  assert.ok(one !== undefined && other !== undefined);
  const snapshot = makeSnapshot({ outbound: [makeAssociation({ slot: 9, initialSequence: 2000 })] });
  const stateOf = (numbers: SharedNumbers): OutboundAssociation =>
    present(
      compileOutbound(snapshot, new StateTable((sa) => new OutboundState(sa, numbers.depthsOf(sa.slot)))).byId.get(1),
    );
  const jobs = new Int32Array(SealRow.stride);
  jobs[SealRow.segmentCount] = 3;
  one.note(0, 300, 1);
  one.number(jobs, 1, [stateOf(one)], 1000);
  const { state } = stateOf(other);
  assert.deepEqual(
    [2000, 2001, 2002, 2003, 2004].map((sequence) => state.depthOf(sequence)),
    [0, 1, 1, 1, 0],
  );
  jobs[SealRow.segmentCount] = 1;
  other.note(0, 100, 0);
  other.number(jobs, 1, [stateOf(other)], 1000);
  assert.equal(jobs[SealRow.sequenceLow], 2004);
});
