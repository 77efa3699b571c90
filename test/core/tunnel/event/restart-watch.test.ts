import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Sad } from '#core/sad/sad.ts';
import { RestartWatch } from '#core/tunnel/event/restart-watch.ts';
import { testAssociation } from '#test/support/associations.ts';

function bench(): { lines: [string, unknown][]; see: (packets: number, replayDrops: number) => void } {
  const lines: [string, unknown][] = [];
  const write = (message: string, fields: unknown): void => void lines.push([message, fields]);
  const watch = new RestartWatch({ info: write, warn: write, error: write });
  const associations = [new Sad({ limit: 10 }).add(testAssociation(0x1234), 0, 1)];
  return { lines, see: (packets, replayDrops) => watch.observe(associations, () => ({ packets, replayDrops })) };
}

test('replays alone, after packets that were taken, are told once, with the association and what helps', () => {
  const { lines, see } = bench();
  see(100, 3);
  see(100, 10);
  assert.deepEqual(lines, []);
  for (let replays = 11; replays < 50; replays++) see(100, replays);
  assert.equal(lines.length, 1);
  assert.match(lines[0]?.[0] ?? '', /count from 1 again.*both ends need new keys/);
  assert.deepEqual(Object.keys(lines[0]?.[1] ?? {}), ['source', 'destination', 'spi', 'replays']);
});

test('replays beside packets that are taken are none of a restart', () => {
  const { lines, see } = bench();
  for (let count = 1; count < 100; count++) see(count, count * 5);
  assert.deepEqual(lines, []);
});

test('an association that never took a packet has no numbers to fall behind', () => {
  const { lines, see } = bench();
  for (let count = 0; count < 100; count++) see(0, count);
  assert.deepEqual(lines, []);
});

test('a second restart is told too', () => {
  const { lines, see } = bench();
  for (const [packets, replays] of [
    [1, 0],
    [1, 8],
    [2, 8],
    [2, 16],
  ] as const)
    see(packets, replays);
  assert.equal(lines.length, 2);
});
