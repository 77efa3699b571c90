import assert from 'node:assert/strict';
import { test } from 'node:test';
import { prepare } from '../desktop-parts.ts';

test('a part whose machine lacks something is left out with the reason, and nothing is run for it', async () => {
  const said: string[] = [];
  const needs = { obstacle: 'xdotool', programs: [['/nonexistent.ts']] };
  assert.equal(await prepare('the app', needs, (text) => said.push(text)), 'xdotool is missing');
  assert.deepEqual(said, ['the app: xdotool is missing']);
});

test('a part that cannot be built is left out with what the build says', async () => {
  const said: string[] = [];
  const why = await prepare('the app', { obstacle: null, programs: [['/nonexistent.ts']] }, (text) => said.push(text));
  assert.match(why ?? '', /^\/nonexistent\.ts fails: [^]*nonexistent/);
  assert.deepEqual(said, [`the app: ${why}`]);
});

test('a part that is built is ready', async () => {
  const said: string[] = [];
  assert.equal(
    await prepare('the app', { obstacle: null, programs: [['--version']] }, (text) => said.push(text)),
    null,
  );
  assert.deepEqual(said, ['the app: ready']);
});
