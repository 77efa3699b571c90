import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dropsByStation } from '#core/api/reading/drop-station.ts';

const drops = [
  { reason: 'replayDup', packets: 3 },
  { reason: 'authFail', packets: 12 },
  { reason: 'policy', packets: 1 },
  { reason: 'dummy', packets: 99 },
  { reason: 'outNoSa', packets: 7 },
  { reason: 'ofLater', packets: 5 },
];

test('groups drops by where they happened, the most frequent reason first', () => {
  const { seal, policy, way } = dropsByStation(drops, 'in');
  assert.deepEqual(
    seal.reasons.map(({ reason, packets }) => [reason, packets]),
    [
      ['authFail', 12],
      ['replayDup', 3],
    ],
  );
  assert.equal(seal.packets, 15);
  assert.equal(policy.packets, 1);
  assert.equal(way.packets, 0);
});

test('keeps the directions apart', () => {
  assert.equal(dropsByStation(drops, 'out').seal.packets, 7);
  assert.equal(dropsByStation(drops, 'out').policy.packets, 0);
});

test('leaves out what is rightly ignored, and what a newer helper counts', () => {
  const all = Object.values(dropsByStation(drops, 'in')).flatMap(({ reasons }) => reasons);
  assert.deepEqual(all.map(({ reason }) => reason).toSorted(), ['authFail', 'policy', 'replayDup']);
});
