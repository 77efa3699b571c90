import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildTwoGateways } from '#core/host/memory/two-gateways.ts';
import { parseIpAddress } from '#core/ip/address.ts';

test('a duplicate of an answer is not another answer', () => {
  const { a, b, wire } = buildTwoGateways({ wire: { duplicationRate: 1 } });
  const result = a.router.ping(parseIpAddress(b.addresses.wire[4]), { count: 5 });
  assert.equal(result.received, 5);
  assert.ok(wire.tally.duplicated > 5);
});

test('a ping that nobody answers takes its timeout and no more', () => {
  const { a, clock } = buildTwoGateways();
  const start = clock.now();
  const nobody = parseIpAddress('203.0.113.99');
  assert.deepEqual(a.router.ping(nobody, { count: 2, timeoutMs: 300 }), { sent: 2, received: 0, rttMs: [] });
  assert.equal(clock.now() - start, 600);
});

test('a damaged message is not answered', () => {
  const { a, b, clock } = buildTwoGateways();
  let answers = 0;
  b.router.tap((direction) => void (direction === 'out' && answers++));
  let damage = 1;
  a.router.interfaceOf('wm0');
  b.router.tap((direction, _name, packet) => {
    if (direction === 'in') packet[packet.length - 1]! ^= damage;
  });
  const far = parseIpAddress(b.addresses.wire[4]);
  assert.equal(a.router.ping(far).received, 0);
  damage = 0;
  assert.equal(a.router.ping(far).received, 1);
  clock.advance(1);
  assert.equal(answers, 1);
});

test('the whole payload comes back, of any size that the link carries', () => {
  const { a, b } = buildTwoGateways();
  for (const family of [4, 6] as const) {
    const far = parseIpAddress(b.addresses.wire[family]);
    for (const payloadBytes of [0, 1, 1400]) assert.equal(a.router.ping(far, { payloadBytes }).received, 1);
  }
});
