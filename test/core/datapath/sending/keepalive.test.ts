import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { toHex } from '#core/base/bytes.ts';
import type { SnapshotInterface } from '#core/datapath/snapshot.ts';
import { present } from '#test/fixtures/read-fixture.ts';
import { ip, makeAssociation, makeSnapshot, outer4, tokens } from '#test/support/test-datapath.ts';
import { makeSender, send, udp } from '#test/support/test-sender.ts';

const natT = { udp: { sourcePort: 4500, destinationPort: 40001 }, socket: tokens.udp4 } as const;

function makeIdle(entry: Partial<SnapshotInterface> = {}, association = {}) {
  const sender = makeSender({ ...natT, ...association }, { keepalives: true, outerTtl: 63, ...entry });
  const { datapath } = sender;
  /** How many went out by now, looked at each second. */
  const countUntil = (fromMs: number, toMs: number): number => {
    const before = datapath.wire.sent.length;
    for (let now = fromMs; now <= toMs; now += 1000) datapath.outbound.tick(now);
    return datapath.wire.sent.length - before;
  };
  return { ...sender, countUntil };
}

describe('NAT keepalives (RFC 3948 §4)', () => {
  test('one byte 0xff goes to the peer’s port after 20 s of silence, and each 20 s from then on', () => {
    const { datapath, countUntil } = makeIdle();
    assert.equal(countUntil(1000, 20_000), 0);
    assert.equal(countUntil(21_000, 40_000), 1);
    assert.equal(countUntil(41_000, 100_000), 3);
    const run = present(datapath.wire.sent[0]);
    assert.deepEqual([toHex(run.bytes), run.socket, run.port, run.ttl], ['ff', tokens.udp4, 40001, 63]);
    assert.deepEqual(run.destination, outer4.peer);
    assert.equal(datapath.interfaceCell(1, 'outputPackets'), 0);
  });

  test('traffic keeps them away', () => {
    const { datapath, countUntil } = makeIdle();
    for (let now = 1000; now < 100_000; now += 15_000) {
      datapath.tun.toRead.push({ bytes: udp() });
      datapath.outbound.pump(tokens.tun, now);
      assert.equal(countUntil(now, now + 14_000), 0);
    }
  });

  test('both inner families share one', () => {
    const { countUntil } = makeIdle();
    assert.equal(countUntil(1000, 21_000), 1);
  });

  const silent: [string, Partial<SnapshotInterface>, object][] = [
    ['switched off', { keepalives: false }, {}],
    ['down', { isUp: false }, {}],
    ['without an association', { ipv4: null, ipv6: null }, {}],
    ['of plain ESP', {}, { udp: null, socket: tokens.esp4 }],
  ];
  for (const [what, entry, association] of silent) {
    test(`none for an interface that is ${what}`, () => {
      const { datapath, countUntil } = makeIdle(entry, association);
      assert.equal(datapath.outbound.untilTickMs(1000), Number.POSITIVE_INFINITY);
      assert.equal(countUntil(1000, 100_000), 0);
    });
  }

  test('they stop with the last association', () => {
    const { datapath, entry, countUntil } = makeIdle();
    assert.equal(countUntil(1000, 21_000), 1);
    datapath.apply(makeSnapshot({ version: 2, interfaces: [{ ...entry, ipv4: null, ipv6: null }] }));
    assert.equal(countUntil(22_000, 100_000), 0);
  });

  test('they follow the peer, as all that is sent does', () => {
    const { datapath, association, entry, countUntil } = makeIdle();
    const moved = makeAssociation({ ...association, movedTo: { address: ip('198.51.100.9'), port: 7 } });
    datapath.apply(makeSnapshot({ version: 2, interfaces: [entry], outbound: [moved] }));
    countUntil(1000, 21_000);
    send(datapath, udp());
    assert.deepEqual(
      datapath.wire.sent.map(({ destination, port }) => [toHex(destination.subarray(0, 4)), port]),
      [
        ['c6336409', 7],
        ['c6336409', 7],
      ],
    );
  });
});
