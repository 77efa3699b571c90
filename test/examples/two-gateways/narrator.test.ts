/**
 * The demo's story.
 * @module
 */
import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { median } from '#examples/two-gateways/median.ts';
import { drawTopology } from '#examples/two-gateways/drawing.ts';
import { formatBytes, formatRate, groupDigits, Narrator } from '#examples/two-gateways/narrator.ts';

function listen(): { narrator: Narrator; heard: () => string } {
  const out = new PassThrough();
  return { narrator: new Narrator(out), heard: () => String(out.read() ?? '') };
}

test('a step is one line with a mark at its end', async () => {
  const { narrator, heard } = listen();
  const outcome = await narrator.step(
    'Counting',
    async () => 3,
    (count) => `${count} sheep`,
  );
  assert.equal(outcome, 3);
  await narrator.step('Resting', async () => {});
  assert.equal(heard(), 'Counting: 3 sheep ✓\nResting ✓\n');
});

test('a step that fails gets a cross, and the error goes on', async () => {
  const { narrator, heard } = listen();
  await assert.rejects(
    narrator.step('Flying', () => Promise.reject(new Error('no wings'))),
    /no wings/,
  );
  assert.equal(heard(), 'Flying ✗\n');
});

test('numbers are written for people', () => {
  assert.equal(groupDigits(1636802), '1 636 802');
  assert.equal(groupDigits(999), '999');
  assert.equal(formatRate(7380), '7.38 Gbit/s');
  assert.equal(formatRate(412.7), '413 Mbit/s');
  assert.equal(formatBytes(256 * 1024 * 1024), '256 MiB');
  assert.equal(formatBytes(1500), '1 500 bytes');
});

test('the median of an even number is between the middle two', () => {
  assert.equal(median([4, 1, 3, 2]), 2.5);
  assert.equal(median([9, 1, 5]), 5);
  assert.ok(Number.isNaN(median([])));
});

test('every line of the picture fits 80 columns, and it shows the outer addresses in use', () => {
  const picture = drawTopology(6, true);
  assert.ok(picture.split('\n').every((line) => line.length <= 80));
  assert.match(picture, /2001:db8:113::1.*2001:db8:113::2/);
  assert.match(picture, /ESP in UDP over IPv6/);
  assert.match(drawTopology(4, false), /203\.0\.113\.1.*203\.0\.113\.2/);
});
