/**
 * Acceptance of runs of ESP packets: what the inbound loop does with them at once is held equal to what it does packet by
 * packet, which it does for whoever follows single packets.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { PortableTransform } from '#core/crypto/portable-transform.ts';
import { OpenRow, type TransformPort } from '#core/crypto/transform.ts';
import { Counters } from '#core/datapath/counters.ts';
import { Inbound } from '#core/datapath/inbound.ts';
import type {
  DatapathEvent,
  SnapshotAssociation,
  SnapshotInterface,
  SnapshotSelector,
} from '#core/datapath/snapshot.ts';
import { buildUdpPacket } from '#core/host/memory/ip-packet.ts';
import { SeededRandom } from '#core/host/memory/seeded-random.ts';
import { sealEsp } from '#test/support/packet/esp-sealer.ts';
import { FakeTun, FakeWire } from '#test/support/fake-ports.ts';
import {
  inner4,
  inner6,
  ip,
  makeAssociation,
  makeInterface,
  makeSnapshot,
  nullShape,
  nullSpec,
  outer4,
  tokens,
} from '#test/support/test-datapath.ts';

const udp = { sourcePort: 4500, destinationPort: 4500 };

/** One loop and all that can be seen of it. */
class Loop {
  readonly tun = new FakeTun();
  readonly wire = new FakeWire();
  readonly counters = new Counters();
  readonly events: DatapathEvent[] = [];
  readonly transforms: CountingTransform;
  readonly inbound: Inbound;

  constructor(isObserved: boolean, association: SnapshotAssociation, row: SnapshotInterface) {
    this.transforms = new CountingTransform();
    this.transforms.create(nullSpec);
    const { tun, wire, counters, transforms } = this;
    const ports = { tun, wire, counters, transforms, emit: (event: DatapathEvent) => void this.events.push(event) };
    this.inbound = new Inbound(ports, isObserved ? { found: () => {}, dropped: () => {} } : null);
    this.inbound.apply(makeSnapshot({ interfaces: [row], inbound: [association] }));
  }

  view(): unknown {
    const { tun, counters, events, inbound } = this;
    const interfaces = counters.cells.slice(0, counters.interfaceBase(2));
    const association = counters.cells.slice(counters.associationBase(1), counters.associationBase(2));
    return { written: tun.written, interfaces, association, events, windows: inbound.replayWindows([1]) };
  }
}

/** The portable engine; counts the runs that it was given. */
class CountingTransform extends PortableTransform implements TransformPort {
  runs = 0;

  constructor() {
    super(new SeededRandom(1));
  }

  override open(rows: Int32Array, count: number, arena: Uint8Array): void {
    for (let row = 0; row < count; row++) if (rows[row * OpenRow.stride + OpenRow.count]! > 1) this.runs++;
    super.open(rows, count, arena);
  }
}

/** One packet of a message: how its number follows, and what is unusual about it. */
type Packet = { readonly step: number; readonly kind: (typeof kinds)[number] };
type Message = { readonly packets: readonly Packet[]; readonly tos: number; readonly isFromElsewhere: boolean };

const kinds = [
  'plain',
  'plain',
  'plain',
  'plain',
  'forged',
  'dummy',
  'otherTos',
  'ipv6',
  'marked',
  'lies',
  'options',
] as const;

const packets = fc.array(
  fc.record({ step: fc.constantFrom(1, 1, 1, 1, 1, 0, -1, 2, 40, -70), kind: fc.constantFrom(...kinds) }),
  { minLength: 1, maxLength: 12 },
);
/** Most messages are one run without anything unusual: with a surprise in each, no run would be taken at once. */
const plainPackets = fc.array(fc.constant<Packet>({ step: 1, kind: 'plain' }), { minLength: 2, maxLength: 12 });
const messages: fc.Arbitrary<readonly Message[]> = fc.array(
  fc.record({
    packets: fc.oneof(plainPackets, packets),
    tos: fc.constantFrom(0, 0, 0, 1, 3),
    isFromElsewhere: fc.boolean(),
  }),
  { minLength: 1, maxLength: 4 },
);
const associations = fc
  .record({
    replayWindow: fc.constantFrom(0, 32, 64),
    hardPackets: fc.constantFrom(0, 7, 20),
    hardBytes: fc.constantFrom(0, 900),
    hasEsn: fc.boolean(),
    initialSequence: fc.constantFrom(0, 0xfffffff8, 0x1_0000_0000 + 5),
    checksPadding: fc.boolean(),
    hasSelectors: fc.boolean(),
  })
  .map(({ hasSelectors, initialSequence, hasEsn, ...rest }) =>
    makeAssociation({
      ...{ ...nullShape, ...rest, hasEsn, udp },
      initialSequence: hasEsn ? initialSequence : 0,
      ...(hasSelectors ? { selectors: [everything] } : {}),
    }),
  );

const everything: SnapshotSelector = {
  ...{ family: 4, source: ip('0.0.0.0'), destination: ip('0.0.0.0'), sourceLength: 0, destinationLength: 0 },
};

function innerOf(kind: Packet['kind'], identification: number): Uint8Array {
  const pair = kind === 'ipv6' ? inner6 : inner4;
  // An IPv6 header is 20 bytes longer: all packets of a message have one size.
  const payload = new Uint8Array(kind === 'ipv6' ? 4 : 24);
  const tos = kind === 'otherTos' ? 0x20 : kind === 'marked' ? 2 : 0;
  const packet = buildUdpPacket({ ...pair, sourcePort: 1, destinationPort: 2, payload, tos, identification });
  if (kind === 'lies') packet[10]! ^= 0xff;
  if (kind === 'options') packet[0] = 0x46;
  return packet;
}

function deliver(loop: Loop, association: SnapshotAssociation, sent: readonly Message[]): void {
  let sequence = association.initialSequence;
  for (const { packets: parts, tos, isFromElsewhere } of sent) {
    const sealed = parts.map(({ step, kind }, index) => {
      sequence = Math.max(1, sequence + step);
      const whole = association.hasEsn ? sequence : sequence % 0x1_0000_0000;
      const nextHeader = kind === 'dummy' ? 59 : kind === 'ipv6' ? 41 : 4;
      const packet = { spi: association.spi, sequence: whole, nextHeader, inner: innerOf(kind, index) };
      const bytes = sealEsp(loop.transforms, 0, { ...packet, hasEsn: association.hasEsn });
      if (kind === 'forged') bytes[30]! ^= 1;
      return bytes;
    });
    const sender = isFromElsewhere ? ip('198.51.100.7') : outer4.peer;
    const bytes = Uint8Array.from(sealed.flatMap((packet) => [...packet]));
    loop.wire.toReceive.push({ bytes, tos, sender, port: 4500, segmentBytes: sealed[0]?.length ?? 0 });
  }
  loop.inbound.pump(tokens.udp4, 5000);
}

describe('a run of packets', () => {
  test('gives what its packets give one by one, whatever is unusual in it', () => {
    let runs = 0;
    const rows = fc.boolean().map((followsPeer) => {
      const outer = { ...outer4, localPort: 4500, peerPort: 4500 };
      return makeInterface({ outer, followsPeer });
    });
    fc.assert(
      fc.property(associations, rows, messages, messages, (association, row, first, second) => {
        const [atOnce, oneByOne] = [new Loop(false, association, row), new Loop(true, association, row)];
        for (const loop of [atOnce, oneByOne]) {
          deliver(loop, association, first);
          deliver(loop, association, second);
        }
        assert.deepEqual(atOnce.view(), oneByOne.view());
        assert.equal(oneByOne.transforms.runs, 0);
        runs += atOnce.transforms.runs;
      }),
      { numRuns: 40 },
    );
    assert.ok(runs > 20, `${runs} runs`);
  });
});
