/**
 * Medians, added round trips and ratios.
 * @module
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rotate } from '../measurement.ts';
import { addedRoundTrips, inProcess, ratiosOf, spreadOf, type Sample } from '../samples.ts';

function sample(contender: string, figure: Sample['figure'], value: number, round = 1): Sample {
  return { round, contender, figure, value };
}

test('a spread has the median and both ends', () => {
  const samples = [3, 1, 2].map((value, index) => sample('natT', 'tcp1', value, index));
  assert.deepEqual(spreadOf(samples, 'natT', 'tcp1'), { median: 2, min: 1, max: 3, count: 3 });
  assert.equal(spreadOf(samples, 'esp', 'tcp1'), null);
});

test('ratios compare one figure of two contenders, or two figures', () => {
  const samples = [
    sample('natT', 'tcp1', 8),
    sample('veth', 'tcp1', 32),
    sample('esp', 'tcp1', 2),
    sample('natT', 'tcp4', 9),
  ];
  assert.deepEqual(ratiosOf(samples, [], ['tcp1.natT/veth', 'tcp1.esp/tcp1.natT', 'tcp4.natT/tcp1.natT']), {
    'tcp1.natT/veth': 0.25,
    'tcp1.esp/tcp1.natT': 0.25,
    'tcp4.natT/tcp1.natT': 1.125,
  });
});

test('a ratio with a side that was not measured, or is zero, is left out', () => {
  const samples = [sample('natT', 'tcp1', 8), sample('veth', 'tcp1', 0)];
  assert.deepEqual(ratiosOf(samples, [], ['tcp1.natT/veth', 'tcp1.natT/esp', 'udp64.natT/veth']), {});
});

test('the best peer is the one with the highest median, whoever else was measured', () => {
  const samples = [
    sample('natT', 'udp64', 300),
    sample('veth', 'udp64', 900),
    sample('boringtun', 'udp64', 100),
    sample('openvpn', 'udp64', 60),
  ];
  assert.deepEqual(ratiosOf(samples, ['boringtun', 'openvpn', 'libipsec'], ['udp64.natT/bestPeer']), {
    'udp64.natT/bestPeer': 3,
  });
  assert.deepEqual(ratiosOf(samples, [], ['udp64.natT/bestPeer']), {});
});

test('figures of one process have no contender in their ratio', () => {
  const samples = [sample(inProcess, 'decision1', 200), sample(inProcess, 'decision10000', 220)];
  assert.deepEqual(ratiosOf(samples, [], ['decision10000/decision1']), { 'decision10000/decision1': 1.1 });
});

test('the added round trip is taken within a round', () => {
  const samples = [
    sample('veth', 'rttMedian', 1, 1),
    sample('natT', 'rttMedian', 4, 1),
    sample('veth', 'rttMedian', 2, 2),
    sample('natT', 'rttMedian', 3, 2),
    sample('natT', 'rttMedian', 9, 3),
  ];
  assert.deepEqual(
    addedRoundTrips(samples).map(({ round, contender, value }) => ({ round, contender, value })),
    [
      { round: 1, contender: 'natT', value: 3 },
      { round: 2, contender: 'natT', value: 1 },
    ],
  );
});

test('every contender is first in some round', () => {
  assert.deepEqual(
    [0, 1, 2, 3].map((round) => rotate(['a', 'b', 'c'], round).join('')),
    ['abc', 'bca', 'cab', 'abc'],
  );
  assert.deepEqual(rotate([], 2), []);
});
