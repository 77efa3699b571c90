/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Timeline } from '#core/tunnel/timeline/timeline.ts';

test('the last 2000 entries are kept, and the newest come first', () => {
  const timeline = new Timeline();
  for (let count = 1; count <= 2500; count++) timeline.add('interface-up', count, 'ipsec0');
  const all = timeline.list(null, 5000);
  assert.deepEqual([all.length, all[0]?.id, all.at(-1)?.id], [2000, 2500, 501]);
  assert.equal(timeline.list(null, 3).length, 3);
});

test('an entry belongs to its interface or to its profile', () => {
  const timeline = new Timeline();
  timeline.add('interface-up', 1, 'ipsec0');
  timeline.add('profile-on', 2, null, { profile: 'office' });
  assert.deepEqual(
    timeline.list('office', 9).map(({ text }) => text),
    ['Profile office is on.'],
  );
  assert.deepEqual(
    timeline.list('ipsec0', 9).map(({ text }) => text),
    ['ipsec0 was set up.'],
  );
});

test('listeners hear each new entry until they end it', () => {
  const timeline = new Timeline();
  const heard: number[] = [];
  const end = timeline.subscribe(({ entry }) => void heard.push(entry.id));
  timeline.add('helper-started', 1, null);
  end();
  timeline.add('helper-started', 2, null);
  assert.deepEqual(heard, [1]);
});
