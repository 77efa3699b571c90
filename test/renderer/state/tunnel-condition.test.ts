import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tellCondition } from '#renderer/state/tunnel-condition.ts';
import { association, link, status } from './example-session.ts';

const hour = { addSeconds: 3600, useSeconds: 0, bytes: 0, packets: 0 };
const minute = { ...hour, addSeconds: 60 };

function conditionOf(
  parts: Parameters<typeof status>[0],
  changes: Parameters<typeof link>[1] = {},
): ReturnType<typeof tellCondition> {
  const own = link(1, changes);
  return tellCondition(own, status({ ...parts, interfaces: [own] }));
}

test('the helper’s state is told in the window’s words', () => {
  const words = [
    ['lost', 'lost'],
    ['off', 'blocked'],
    ['unconfigured', 'unconfigured'],
    ['waiting-for-keys', 'waiting'],
    ['hears-nothing', 'sends-only'],
    ['errors', 'error'],
    ['idle', 'idle'],
    ['up', 'up'],
  ] as const;
  for (const [state, word] of words) assert.equal(conditionOf({}, { state }).condition, word);
  assert.equal(conditionOf({}, { state: 'off', tunnel: null }).condition, 'off');
});

test('keys end when the longest-lived key of some direction ends; the other direction does not help', () => {
  const pair = [association(1, 1, 'out', { hard: hour }), association(1, 2, 'in', { hard: minute })];
  assert.equal(conditionOf({ associations: pair }).keysEndMs, 61_000);
  const renewed = [...pair, association(1, 3, 'in', { hard: hour })];
  assert.equal(conditionOf({ associations: renewed }).keysEndMs, 3_601_000);
});

test('keys that end within a quarter of an hour are worth a word, keys without an end never', () => {
  const pair = [association(1, 1, 'out', { hard: minute }), association(1, 2, 'in')];
  assert.equal(conditionOf({ associations: pair }).condition, 'keys-end-soon');
  const endless = [association(1, 1, 'out'), association(1, 2, 'in')];
  assert.deepEqual(conditionOf({ associations: endless }).keysEndMs, null);
  assert.equal(conditionOf({ associations: endless }).condition, 'up');
});

test('held packets are those without keys and those of an interface that is down', () => {
  const drops = [
    { reason: 'outNoSa', packets: 26 },
    { reason: 'outInterfaceDown', packets: 4 },
    { reason: 'replayDup', packets: 9 },
  ];
  assert.equal(conditionOf({}, { drops }).heldPackets, 30);
});
