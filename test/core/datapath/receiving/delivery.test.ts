import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { OpenRow } from '#core/crypto/transform.ts';
import { Delivery } from '#core/datapath/receiving/delivery.ts';
import { dropReasons } from '#core/datapath/drop-reason.ts';
import { inner6, makeAssociation, makeInterface, makeSnapshot, TestDatapath } from '#test/support/test-datapath.ts';
import { innerUdp } from '#test/support/test-receiver.ts';

const selectors = [
  {
    family: 4,
    source: Uint8Array.of(10, 1, 0, 0),
    sourceLength: 16,
    destination: Uint8Array.of(10, 2, 0, 1),
    destinationLength: 32,
  },
] as const;

function makeDelivery() {
  const datapath = new TestDatapath();
  const { tun, wire, transforms, counters } = datapath;
  const dropped: [number, number][] = [];
  const ports = { tun, wire, transforms, counters, emit: () => undefined };
  const delivery = new Delivery(ports, 8, (slot, reason) => void dropped.push([slot, reason]));
  delivery.apply(makeSnapshot({}));
  const take = (packet: Uint8Array, association = {}, entry = {}): number => {
    const family = packet[0]! >>> 4 === 4 ? 4 : 6;
    const row = makeInterface(entry);
    return delivery.take(makeAssociation(association), row, packet, 0, packet.length, family, 0, 0, 1);
  };
  return { datapath, delivery, take, dropped };
}

describe('delivery (RFC 4301 §5.2 step 4)', () => {
  test('inner packets must fit the association’s selectors, where it has some', () => {
    const { take } = makeDelivery();
    assert.equal(take(innerUdp(), { selectors }), 0);
    assert.equal(take(innerUdp(0, inner6), { selectors }), dropReasons.policy.number);
    const elsewhere = { ...selectors[0], destination: Uint8Array.of(10, 2, 0, 2) };
    assert.equal(take(innerUdp(), { selectors: [elsewhere] }), dropReasons.policy.number);
    assert.equal(take(innerUdp(), { selectors: [elsewhere, ...selectors] }), 0);
  });

  test('down, link2 and policy are asked before the packet is looked at', () => {
    const { take } = makeDelivery();
    const broken = Uint8Array.of(0x60, 0, 0, 0);
    const entry = { isUp: false, forwardsIpv6: false, ipv6: null };
    assert.equal(take(broken, {}, entry), dropReasons.interfaceDown.number);
    assert.equal(take(broken, {}, { ...entry, isUp: true }), dropReasons.ipv6Disabled.number);
    assert.equal(take(broken, {}, { ipv6: null }), dropReasons.policy.number);
    assert.equal(take(broken), dropReasons.innerShort.number);
  });

  test('what the device refuses is told of with its slot', () => {
    const { datapath, delivery, take, dropped } = makeDelivery();
    datapath.tun.writeResult = -5;
    assert.equal(take(innerUdp(), {}, { slot: 3 }), 0);
    delivery.flush(innerUdp(), 1);
    delivery.flush(innerUdp(), 1);
    assert.deepEqual(dropped, [[3, dropReasons.tunWrite.number]]);
  });

  test('of packets that lie joined, each that the device refuses is told of, and the others count', () => {
    const { datapath, delivery, dropped } = makeDelivery();
    const arena = new Uint8Array(4 * innerUdp().length);
    arena.set(innerUdp());
    const opened = new Int32Array(5 * OpenRow.stride);
    opened[OpenRow.outJoined] = 4;
    opened[4 * OpenRow.stride + OpenRow.outOffset] = innerUdp().length;
    for (const [writeResult, drops] of [
      [0, 0],
      [1, 2],
      [-5, 5],
    ] as const) {
      datapath.tun.writeResult = writeResult;
      const before = datapath.interfaceCell(1, 'inputPackets');
      delivery.addRun(makeInterface(), arena, opened, 0, 5);
      delivery.flush(arena, 1);
      assert.equal(dropped.splice(0).length, drops);
      assert.equal(datapath.interfaceCell(1, 'inputPackets') - before, 5 - drops);
    }
    assert.equal(datapath.interfaceCell(1, 'inputBytes'), 8 * innerUdp().length);
  });
});
