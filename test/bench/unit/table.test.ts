/**
 * The benchmark's table and page.
 * @module
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatPage } from '../performance-page.ts';
import { toJson, type BenchResult } from '../result.ts';
import { formatTables } from '../table.ts';

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
  isQuick: false,
  contenders: [
    { name: 'veth', label: 'plain veth', role: 'bound' },
    { name: 'natT', label: 'Culvert', role: 'own' },
  ],
  missing: [{ name: 'esp', why: 'this is not root' }],
  samples: [
    { round: 1, contender: 'veth', figure: 'tcp1', value: 20 },
    { round: 2, contender: 'veth', figure: 'tcp1', value: 40 },
    { round: 1, contender: 'natT', figure: 'tcp1', value: 6 },
    { round: 1, contender: 'inProcess', figure: 'sealTime', value: 250 },
    { round: 1, contender: 'desktop', figure: 'firstPaint', value: 640 },
    { round: 1, contender: 'desktop', figure: 'screenScript', value: 271 },
  ],
  foreignLoads: [
    { round: 1, contender: 'veth', probe: 'TCP', cores: 0.5 },
    { round: 2, contender: 'veth', probe: 'TCP', cores: 1.5 },
  ],
  failures: ['round 2: no echo request was answered'],
};

test('the tables have medians with their spread, ratios, load, and what is missing or failed', () => {
  const text = formatTables(result);
  assert.match(text, /plain veth +30\.00 \(20\.00\.\.40\.00\)/);
  assert.match(text, /tcp1\.natT\/veth +0\.200/);
  assert.match(text, /1\.00 cores on average, 1\.50 at most/);
  assert.match(text, /not measured: esp, because this is not root/);
  assert.match(text, /failed: round 2: no echo request was answered/);
});

test('what was not measured is a dash, never a zero, and a table of nothing is left out', () => {
  const text = formatTables(result);
  assert.match(text, /^Culvert +6\.00 +– +– +– +–$/m);
  assert.doesNotMatch(text, /Small packets/);
});

test('the window is a table of its own, each row with its unit', () => {
  const text = formatTables(result);
  assert.match(text, /^start of `culvert ui` until the list is painted, ms +640$/m);
  assert.match(text, /^script of the first screen, gzip, kB +271\.0$/m);
});

test('the stages of one process are a table of their own', () => {
  assert.match(formatTables(result), /^segment, checksum and seal 1400 bytes +250$/m);
});

test('the page says what, on what and when', () => {
  const page = formatPage(result);
  assert.match(page, /^# Performance\n/);
  assert.match(page, /\| plain veth \| 30\.00 \(20\.00\.\.40\.00\) \| – \|/);
  assert.match(page, /2026-01-02: 2 cores of Test CPU, 8 GiB, Debian, Linux 6\.1/);
  assert.ok(page.endsWith('\n'));
});

test('the JSON has samples, medians and ratios', () => {
  const { samples, medians, ratios } = toJson(result);
  assert.deepEqual(samples, result.samples);
  assert.deepEqual(medians, {
    veth: { tcp1: { median: 30, min: 20, max: 40, count: 2 } },
    natT: { tcp1: { median: 6, min: 6, max: 6, count: 1 } },
    inProcess: { sealTime: { median: 250, min: 250, max: 250, count: 1 } },
    desktop: {
      firstPaint: { median: 640, min: 640, max: 640, count: 1 },
      screenScript: { median: 271, min: 271, max: 271, count: 1 },
    },
  });
  assert.deepEqual(ratios, { 'tcp1.natT/veth': 0.2 });
});
