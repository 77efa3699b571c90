/**
 * The benchmark's table and page.
 * @module
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatPage } from '../performance-page.ts';
import { toJson, type BenchResult } from '../result.ts';
import { formatTable } from '../table.ts';

const result: BenchResult = {
  date: '2026-01-02',
  machine: {
    processor: 'Test CPU',
    cores: 2,
    memoryGiB: 8,
    kernel: '6.1',
    system: 'Debian',
    node: 'v24',
    loadBefore: 0,
  },
  rounds: 2,
  seconds: 1,
  contenders: [
    { name: 'veth', label: 'plain veth' },
    { name: 'natT', label: 'Culvert' },
  ],
  missing: [{ name: 'esp', why: 'this is not root' }],
  samples: [
    { round: 1, contender: 'veth', figure: 'tcp1', value: 20 },
    { round: 2, contender: 'veth', figure: 'tcp1', value: 40 },
    { round: 1, contender: 'natT', figure: 'tcp1', value: 6 },
  ],
  foreignLoads: [
    { round: 1, contender: 'veth', probe: 'TCP', cores: 0.5 },
    { round: 2, contender: 'veth', probe: 'TCP', cores: 1.5 },
  ],
  failures: ['round 2: no echo request was answered'],
};

test('the table has medians with their spread, ratios, load, and what is missing or failed', () => {
  const table = formatTable(result);
  assert.match(table, /TCP, 1 stream, A to B +Gbit\/s +30\.00 \(20\.00\.\.40\.00\) +6\.00\n/);
  assert.match(table, /tcp1\.natT\/veth +0\.200/);
  assert.match(table, /1\.00 cores on average, 1\.50 at most/);
  assert.match(table, /not measured: esp, because this is not root/);
  assert.match(table, /failed: round 2: no echo request was answered/);
});

test('what was not measured is a dash, never a zero', () => {
  const line = formatTable(result)
    .split('\n')
    .find((row) => row.startsWith('UDP, 64 bytes, received'));
  assert.match(line ?? '', /–\s+–$/);
});

test('the page says what, on what and when', () => {
  const page = formatPage(result);
  assert.match(page, /^# Performance\n/);
  assert.match(page, /\| TCP, 1 stream, A to B \| Gbit\/s \| 30\.00 \(20\.00\.\.40\.00\) \| 6\.00 \|/);
  assert.match(page, /2026-01-02: 2 cores of Test CPU, 8 GiB, Debian, Linux 6\.1/);
  assert.ok(page.endsWith('\n'));
});

test('the JSON has samples, medians and ratios', () => {
  const { samples, medians, ratios } = toJson(result);
  assert.deepEqual(samples, result.samples);
  assert.deepEqual(medians, {
    veth: { tcp1: { median: 30, min: 20, max: 40, count: 2 } },
    natT: { tcp1: { median: 6, min: 6, max: 6, count: 1 } },
  });
  assert.deepEqual(ratios, { 'tcp1.natT/veth': 0.2 });
});
