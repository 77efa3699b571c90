/**
 * Reading iperf3's JSON.
 * @module
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseTcp } from '../iperf3.ts';

test('a TCP run counts what the receiver got', () => {
  const end = {
    sum_sent: { bytes: 1100, bits_per_second: 9e9, retransmits: 5 },
    sum_received: { bytes: 1000, bits_per_second: 8e9 },
  };
  assert.deepEqual(parseTcp(JSON.stringify({ end })), { bytes: 1000, gbitPerSecond: 8, retransmits: 5 });
});

test('a run both ways is the sum of what both receivers got', () => {
  const end = {
    sum_sent: { bytes: 1, retransmits: 1 },
    sum_received: { bytes: 10, bits_per_second: 1e9 },
    sum_sent_bidir_reverse: { bytes: 2, retransmits: 2 },
    sum_received_bidir_reverse: { bytes: 20, bits_per_second: 2e9 },
  };
  assert.deepEqual(parseTcp(JSON.stringify({ end })), { bytes: 30, gbitPerSecond: 3, retransmits: 3 });
});

test('a run that failed throws what iperf3 said, and never counts as zero', () => {
  const text = JSON.stringify({ start: {}, error: 'unable to connect to server' });
  assert.throws(() => parseTcp(text), /unable to connect/);
  assert.throws(() => parseTcp(''), SyntaxError);
});
