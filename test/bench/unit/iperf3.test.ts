/**
 * Reading iperf3's JSON.
 * @module
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseTcp, parseUdp } from '../iperf3.ts';

test('a TCP run counts what the receiver got', () => {
  const end = {
    sum_sent: { bytes: 1100, bits_per_second: 9e9, retransmits: 5 },
    sum_received: { bytes: 1000, bits_per_second: 8e9 },
  };
  assert.deepEqual(parseTcp(JSON.stringify({ end })), { bytes: 1000, gbitPerSecond: 8, retransmits: 5 });
});

test('a UDP run counts what the receiver got', () => {
  const end = { sum: { packets: 1000, lost_packets: 250, seconds: 2 } };
  assert.deepEqual(parseUdp(JSON.stringify({ end })), { receivedPerSecond: 375, lossPercent: 25 });
});

test('a run that failed throws what iperf3 said, and never counts as zero', () => {
  const text = JSON.stringify({ start: {}, error: 'unable to connect to server' });
  assert.throws(() => parseTcp(text), /unable to connect/);
  assert.throws(() => parseUdp(text), /unable to connect/);
  assert.throws(() => parseTcp(''), SyntaxError);
});
