/**
 * Packets that the native engine opens behind one another: each is what it is alone, and the inbound loop gives the same
 * whether they come joined or one by one.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { takeApart } from '#core/crypto/joined-packets.ts';
import { OpenFlag, OpenRow } from '#core/crypto/transform.ts';
import { Counters } from '#core/datapath/counters.ts';
import { Inbound } from '#core/datapath/inbound.ts';
import type { DatapathEvent, SnapshotAssociation } from '#core/datapath/snapshot.ts';
import { loadNative, NativeTransform } from '#core/host/linux/native.ts';
import { buildUdpPacket } from '#core/host/memory/ip-packet.ts';
import { tcpSegment, udpDatagram } from '#test/core/tun-tap/inner-packet.ts';
import { sealEsp } from '#test/support/packet/esp-sealer.ts';
import { FakeTun, FakeWire } from '#test/support/fake-ports.ts';
import { joined } from '#test/core/tun-tap/joined.ts';
import { missingForNative } from '#test/support/native-package.ts';
import {
  gcmSpec,
  inner6,
  makeAssociation,
  makeInterface,
  makeSnapshot,
  outer4,
  tokens,
} from '#test/support/test-datapath.ts';

const skip = missingForNative() ?? false;
const spi = 0x1000;
const innerBytes = 100;
const kinds = [
  ...new Array<'next'>(10).fill('next'),
  ...(['push', 'gap', 'otherFlow', 'badSum', 'forged', 'udp', 'udp', 'udp6', 'dummy', 'short'] as const),
] as const;
type Kind = (typeof kinds)[number];

const plainRun = fc.array(fc.constant<Kind>('next'), { minLength: 2, maxLength: 80 });
const packetKinds = fc.oneof(plainRun, fc.array(fc.constantFrom(...kinds), { minLength: 2, maxLength: 20 }));

/** The inner packets of a run, all of one length: a TCP stream, and what else there is. */
class Stream {
  #sequence = 0xffff_f000;
  #id = 0;

  next(kind: Kind): Uint8Array {
    const id = ++this.#id & 0xffff;
    const payload = new Uint8Array(innerBytes - 40).map((_, index) => index * id);
    if (kind === 'udp') return udpDatagram([1, 2], id, new Uint8Array(innerBytes - 28).fill(id));
    if (kind === 'udp6') {
      return buildUdpPacket({ ...inner6, sourcePort: 1, destinationPort: 2, payload: new Uint8Array(innerBytes - 48) });
    }
    if (kind === 'gap') this.#sequence += 7;
    const ports = [kind === 'otherFlow' ? 3 : 1, 2] as const;
    // A packet that says it is shorter than it is: TFC padding.
    const part = kind === 'short' ? payload.subarray(4) : payload;
    const packet = tcpSegment({ ports, flags: kind === 'push' ? 0x18 : 0x10, id }, this.#sequence >>> 0, 1, part);
    if (kind !== 'otherFlow') this.#sequence += payload.length;
    if (kind === 'badSum') packet[70]! ^= 1;
    const whole = new Uint8Array(innerBytes);
    whole.set(packet);
    return whole;
  }
}

function sealAll(engine: NativeTransform, transform: number, sent: readonly Kind[], stream: Stream, first: number) {
  const inners = sent.map((kind) => stream.next(kind));
  const bytes = inners.map((inner, index) => {
    const nextHeader = sent[index] === 'dummy' ? 59 : inner[0]! >>> 4 === 6 ? 41 : 4;
    const packet = sealEsp(engine, transform, { spi, sequence: first + index, inner, nextHeader });
    if (sent[index] === 'forged') packet[50]! ^= 1;
    return packet;
  });
  return { inners, bytes: Uint8Array.from(bytes.flatMap((packet) => [...packet])), each: bytes[0]?.length ?? 0 };
}

describe('packets that are opened behind one another', { skip }, () => {
  test('are what they are alone; what has failed leaves nothing; all beside them stays', () => {
    const engine = new NativeTransform(loadNative());
    const transform = engine.create(gcmSpec);
    let joinedPackets = 0;
    fc.assert(
      fc.property(packetKinds, (sent) => {
        const { bytes, each, inners } = sealAll(engine, transform, sent, new Stream(), 1);
        const [apart, behind] = [0, OpenFlag.join].map((flags) => {
          const rows = new Int32Array(sent.length * OpenRow.stride);
          rows.set([64, each, transform, 0, flags, sent.length]);
          const arena = new Uint8Array(bytes.length + 128).fill(0xa5);
          arena.set(bytes, 64);
          engine.open(rows, sent.length, arena);
          return { rows, arena };
        });
        assert.ok(apart && behind);
        joinedPackets += checkPieces(behind, inners);
        takeApart(behind.rows, 0, sent.length, behind.arena);
        assert.equal(behind.rows[OpenRow.outAlike], apart.rows[OpenRow.outAlike]);
        assert.deepEqual(plaintexts(behind), plaintexts(apart));
        sums(behind).forEach((sum, index) => assert.ok(sum === 0 || sum === sums(apart)[index]));
        for (const part of [behind.arena.subarray(0, 64), behind.arena.subarray(-64)]) {
          assert.ok(part.every((byte) => byte === 0xa5));
        }
      }),
      { numRuns: 150 },
    );
    engine.free(transform);
    assert.ok(!canJoin() || joinedPackets > 500, `${joinedPackets} were joined`);
  });

  test('end where the inbound loop takes them one by one, whatever stands between them', () => {
    let joinedPackets = 0;
    const associations = fc
      .record({
        replayWindow: fc.constantFrom(0, 64),
        hardPackets: fc.constantFrom(0, 0, 30),
        checksPadding: fc.boolean(),
      })
      .map((changes) => makeAssociation({ ...changes, spi, udp: { sourcePort: 4500, destinationPort: 4500 } }));
    // The second message may come before the first, and may be one that was received already.
    const orders = fc.constantFrom([0, 1], [1, 0], [0, 0, 1]);
    fc.assert(
      fc.property(
        associations,
        packetKinds,
        packetKinds,
        orders,
        fc.boolean(),
        (association, one, two, order, isUp) => {
          const loops = [new Loop(association, true, isUp), new Loop(association, false, isUp)];
          for (const loop of loops) loop.deliver([one, two], order);
          assert.deepEqual(loops[0]?.view(), loops[1]?.view());
          joinedPackets += loops[0]?.tun.joinedPackets ?? 0;
          for (const loop of loops) loop.end();
        },
      ),
      { numRuns: 100 },
    );
    assert.ok(!canJoin() || joinedPackets > 300, `${joinedPackets} were joined`);
  });
});

type Opened = { readonly rows: Int32Array; readonly arena: Uint8Array };

function plaintexts({ rows, arena }: Opened): readonly (Uint8Array | number)[] {
  return Array.from({ length: rows.length / OpenRow.stride }, (_, index) => {
    const at = index * OpenRow.stride;
    const [offset, length] = [rows[at + OpenRow.outOffset]!, rows[at + OpenRow.outLength]!];
    return length < 0 ? length : arena.slice(offset, offset + length);
  });
}

/** What was added up of each packet, where it was. */
function sums({ rows }: Opened): readonly number[] {
  return Array.from(
    { length: rows.length / OpenRow.stride },
    (_, index) => rows[index * OpenRow.stride + OpenRow.outSum]!,
  );
}

/** Each piece has the headers and payloads of its packets. Gives how many are joined. */
function checkPieces({ rows, arena }: Opened, inners: readonly Uint8Array[]): number {
  let total = 0;
  for (let index = 0; index < inners.length;) {
    const at = index * OpenRow.stride;
    const packets = Math.max(1, rows[at + OpenRow.outJoined]!);
    if (packets > 1) {
      const wanted = joined(inners.slice(index, index + packets));
      const offset = rows[at + OpenRow.outOffset]!;
      assert.deepEqual(arena.slice(offset, offset + wanted.length), wanted);
      total += packets;
    }
    index += packets;
  }
  return total;
}

/** Whether this processor runs the kernel that joins. */
function canJoin(): boolean {
  const engine = new NativeTransform(loadNative());
  const transform = engine.create(gcmSpec);
  const { bytes, each } = sealAll(engine, transform, ['next', 'next'], new Stream(), 1);
  const rows = new Int32Array(2 * OpenRow.stride);
  rows.set([0, each, transform, 0, OpenFlag.join, 2]);
  engine.open(rows, 2, bytes);
  engine.free(transform);
  return rows[OpenRow.outJoined] === 2;
}

/** A device that counts what comes joined. */
class CountingTun extends FakeTun {
  joinedPackets = 0;

  override write(rows: Int32Array, count: number, arena: Uint8Array): void {
    const before = this.written.length;
    super.write(rows, count, arena);
    if (this.written.length - before > count) this.joinedPackets += this.written.length - before;
  }
}

/** One inbound loop and all that can be seen of it. */
class Loop {
  readonly tun = new CountingTun();
  readonly #wire = new FakeWire();
  readonly #counters = new Counters();
  readonly #events: DatapathEvent[] = [];
  readonly #transforms = new NativeTransform(loadNative());
  readonly #transform: number;
  readonly #inbound: Inbound;

  constructor(association: SnapshotAssociation, takesJoined: boolean, isUp: boolean) {
    this.tun.takesJoined = takesJoined;
    this.#transform = this.#transforms.create(gcmSpec);
    const { tun } = this;
    const [wire, counters, transforms] = [this.#wire, this.#counters, this.#transforms];
    const ports = { tun, wire, counters, transforms, emit: (event: DatapathEvent) => void this.#events.push(event) };
    this.#inbound = new Inbound(ports, takesJoined ? null : { found: () => {}, dropped: () => {} });
    const row = makeInterface({ outer: { ...outer4, localPort: 4500, peerPort: 4500 }, isUp });
    const inbound = [{ ...association, transform: this.#transform }];
    this.#inbound.apply(makeSnapshot({ interfaces: [row], inbound }));
  }

  /** Receive messages of these packets, in this order, as one batch. */
  deliver(sent: readonly (readonly Kind[])[], order: readonly number[]): void {
    const stream = new Stream();
    let first = 1;
    const messages = sent.map((kinds) => {
      const { bytes, each } = sealAll(this.#transforms, this.#transform, kinds, stream, first);
      first += kinds.length;
      return { bytes, tos: 0, sender: outer4.peer, port: 4500, segmentBytes: each };
    });
    for (const index of order) this.#wire.toReceive.push(...messages.slice(index, index + 1));
    this.#inbound.pump(tokens.udp4, 5000);
  }

  view(): unknown {
    const counters = this.#counters;
    const interfaces = counters.cells.slice(0, counters.interfaceBase(2));
    const association = counters.cells.slice(counters.associationBase(1), counters.associationBase(2));
    const windows = this.#inbound.replayWindows([1]);
    return { written: this.tun.written, interfaces, association, events: this.#events, windows };
  }

  end(): void {
    this.#transforms.free(this.#transform);
  }
}
