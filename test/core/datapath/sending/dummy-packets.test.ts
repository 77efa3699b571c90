import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AssociationCell } from '#core/datapath/counters.ts';
import type { SnapshotInterface } from '#core/datapath/snapshot.ts';
import { present } from '#test/fixtures/read-fixture.ts';
import {
  inner6,
  gcmSpec,
  makeAssociation,
  makeSnapshot,
  nullShape,
  outer4,
  tokens,
} from '#test/support/test-datapath.ts';
import { makeSender, send, sentSequences, udp } from '#test/support/test-sender.ts';

const rate = (dummiesPerSecond: number): Partial<SnapshotInterface> => ({ dummiesPerSecond });

/** Tick as a worker does: when it is asked to. */
function runUntil(datapath: ReturnType<typeof makeSender>['datapath'], fromMs: number, toMs: number): void {
  for (let now = fromMs; now < toMs; now += Math.max(1, datapath.outbound.untilTickMs(now))) {
    datapath.outbound.tick(now);
  }
}

/** Next header of a packet of NULL encryption. */
const nextHeader = (bytes: Uint8Array): number => bytes[bytes.length - 17]!;

describe('dummy packets (RFC 4303 §2.6)', () => {
  test('none unless the interface says so', () => {
    const { datapath } = makeSender();
    assert.equal(datapath.outbound.untilTickMs(1000), Number.POSITIVE_INFINITY);
    runUntil(datapath, 1000, 10_000);
    datapath.outbound.tick(20_000);
    assert.equal(datapath.wire.sent.length, 0);
  });

  test('they leave at the rate that was asked for, evenly, with next header 59', () => {
    const { datapath } = makeSender({}, rate(8));
    runUntil(datapath, 1000, 2000);
    assert.equal(datapath.wire.sent.length, 8);
    assert.equal(datapath.outbound.untilTickMs(2000 - 125), 125);
    assert.ok(datapath.wire.sent.every(({ bytes }) => nextHeader(bytes) === 59));
    assert.equal(datapath.interfaceCell(1, 'dummyPackets'), 8);
    assert.equal(datapath.interfaceCell(1, 'outputPackets'), 0);
    assert.equal(datapath.interfaceCell(1, 'lastOutputMs'), 0);
  });

  test('they take sequence numbers, IVs and the limits of the association as real packets do', () => {
    const { datapath, association } = makeSender({ hardPackets: 5 }, rate(2), gcmSpec);
    datapath.outbound.tick(1000);
    send(datapath, udp(), udp());
    datapath.outbound.tick(1500);
    send(datapath, udp());
    assert.deepEqual(sentSequences(datapath), [1, 2, 3, 4, 5]);
    assert.equal(new Set(datapath.wire.sent.map(({ bytes }) => bytes.slice(8, 16).join())).size, 5);
    assert.equal(datapath.associationCell(association.slot, AssociationCell.packets), 5);
    datapath.outbound.tick(2000);
    assert.equal(datapath.wire.sent.length, 5);
    assert.deepEqual(datapath.events.at(-1), { kind: 'exhausted', association: association.id, reason: 'packets' });
    assert.deepEqual(datapath.allDrops(), {}, 'a dummy that is not sent is no drop');
  });

  test('their lengths are drawn from the smallest packet to the MTU, and padded like real ones', () => {
    const lengths = (entry: Partial<SnapshotInterface>): number[] => {
      const { datapath } = makeSender({}, { ...entry, mtu: 1400, dummiesPerSecond: 1000 });
      runUntil(datapath, 0, 1000);
      return datapath.wire.sent.map(({ bytes }) => bytes.length);
    };
    const drawn = lengths({});
    assert.ok(new Set(drawn).size > 200 && Math.min(...drawn) < 100 && Math.max(...drawn) > 1380);
    assert.ok(Math.max(...drawn) <= 8 + 1404 + 16);
    assert.deepEqual([...new Set(lengths({ tfcMultiple: 8192 }))], [8 + 1404 + 16]);
  });

  test('the payload is an empty header and zeros, whatever the arena held before', () => {
    const { datapath } = makeSender({}, rate(1));
    send(datapath, udp(1300));
    datapath.outbound.tick(1000);
    const { bytes } = present(datapath.wire.sent[1]);
    const length = bytes.length - 16 - 2 - bytes[bytes.length - 18]!;
    assert.ok(bytes.subarray(8 + 20, length).every((byte) => byte === 0));
  });

  test('the associations of both inner families take turns', () => {
    const { datapath, entry, association } = makeSender({}, rate(10));
    const other = makeAssociation({
      ...nullShape,
      ...{ id: 2, slot: 2, spi: 0x2000, socket: tokens.esp4, transform: association.transform },
      ...{ source: outer4.local, destination: outer4.peer },
    });
    const ipv6 = { ...present(entry.ipv6), outboundAssociation: 2 };
    datapath.apply(makeSnapshot({ version: 2, interfaces: [{ ...entry, ipv6 }], outbound: [association, other] }));
    runUntil(datapath, 0, 1000);
    const spis = datapath.wire.sent.map(({ bytes }) => bytes[2]);
    assert.deepEqual([spis.filter((spi) => spi === 0x10).length, spis.filter((spi) => spi === 0x20).length], [5, 5]);
  });

  const silent: [string, Partial<SnapshotInterface>][] = [
    ['is down', { isUp: false }],
    ['has no tunnel', { outer: null, ipv4: null, ipv6: null }],
    ['has no association', { ipv4: null, ipv6: null }],
  ];
  for (const [what, entry] of silent) {
    test(`none from an interface that ${what}`, () => {
      const { datapath } = makeSender({}, { ...rate(5), ...entry });
      datapath.outbound.tick(1000);
      assert.equal(datapath.wire.sent.length, 0);
      assert.equal(datapath.outbound.untilTickMs(1000), Number.POSITIVE_INFINITY);
    });
  }

  test('after the loop was held up there is no flood', () => {
    const { datapath } = makeSender({}, rate(1000));
    datapath.outbound.tick(1000);
    datapath.outbound.tick(3_600_000);
    assert.ok(datapath.wire.sent.length <= 65);
    const before = datapath.wire.sent.length;
    datapath.outbound.tick(3_600_001);
    assert.equal(datapath.wire.sent.length, before + 1);
  });

  test('a clock that was set back does not silence them', () => {
    const { datapath } = makeSender({}, rate(2));
    datapath.outbound.tick(1_000_000);
    datapath.outbound.tick(1000);
    datapath.outbound.tick(1500);
    assert.equal(datapath.wire.sent.length, 2);
  });

  test('where a dummy has gone no keepalive is needed (RFC 3948 §4)', () => {
    const natT = { udp: { sourcePort: 4500, destinationPort: 4500 }, socket: tokens.udp4 };
    const { datapath } = makeSender(natT, { keepalives: true, ...rate(1) });
    runUntil(datapath, 1000, 60_000);
    assert.ok(datapath.wire.sent.every(({ bytes }) => bytes.length > 1));
  });

  test('the receiver drops them silently, their numbers used up', () => {
    const { datapath, association } = makeSender({}, rate(4));
    runUntil(datapath, 0, 1000);
    send(datapath, udp(), udp(8, {}, inner6));
    const back = { ...association, source: outer4.peer, destination: outer4.local };
    datapath.inbound.apply(makeSnapshot({ inbound: [back] }));
    for (const { bytes } of datapath.wire.sent) {
      datapath.wire.toReceive.push({ bytes, tos: 0, sender: outer4.peer });
    }
    datapath.inbound.pump(tokens.esp4, 2000);
    assert.deepEqual(datapath.allDrops(), { dummy: 4 });
    assert.equal(datapath.tun.written.length, 2);
    assert.equal(datapath.associationCell(1, AssociationCell.sequence), 6);
  });
});
