/**
 * What tcpdump says at its end.
 * @module
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseKernelDrops } from '#examples/two-gateways/wire/capture.ts';

test('reads how many packets the kernel dropped', () => {
  const text = '30 packets captured\n32 packets received by filter\n2 packets dropped by kernel\n';
  assert.equal(parseKernelDrops(text), 2);
});

test('a tcpdump that gave no account is an error, not zero drops', () => {
  assert.throws(() => parseKernelDrops('tcpdump: wm0: No such device exists'), /No such device/);
});
