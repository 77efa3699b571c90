import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Status } from '#core/api/contract.ts';
import { formatRate, rateBetween } from '#core/api/reading/rate.ts';

function reading(nowMs: number, bytes: number): Status {
  const counters = { outputBytes: bytes, inputBytes: 2 * bytes, outputPackets: bytes / 10, inputPackets: 0 };
  return { nowMs, interfaces: [{ name: 'ipsec0', counters }] } as never;
}

test('a rate is what was counted between two readings, by the second', () => {
  assert.deepEqual(rateBetween(reading(1000, 0), reading(3000, 5000), 'ipsec0'), {
    outBytes: 2500,
    inBytes: 5000,
    outPackets: 250,
    inPackets: 0,
  });
});

test('one reading alone, a long gap, a counter that ran backwards and an unknown interface give no rate', () => {
  assert.equal(rateBetween(null, reading(1000, 0), 'ipsec0'), null);
  assert.equal(rateBetween(reading(1000, 0), reading(9000, 1), 'ipsec0'), null);
  assert.notEqual(rateBetween(reading(1000, 0), reading(9000, 1), 'ipsec0', 10_000), null);
  assert.equal(rateBetween(reading(1000, 5), reading(2000, 1), 'ipsec0'), null);
  assert.equal(rateBetween(reading(1000, 0), reading(2000, 1), 'ipsec1'), null);
});

test('a rate is written with three figures, in the units that the person wants', () => {
  assert.equal(formatRate(4_830_000, 'bits'), '38.6 Mb/s');
  assert.equal(formatRate(4_830_000, 'bytes'), '4.83 MB/s');
  assert.equal(formatRate(0, 'bits'), '0 b/s');
});
