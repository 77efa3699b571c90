/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { toHex } from '#core/base/bytes.ts';
import { ReplayWindow } from '#core/esp/replay-window.ts';
import { readReplay, seenStretches } from '#renderer/state/replay-picture.ts';

/** As the helper tells it. */
function told(window: ReplayWindow): Parameters<typeof readReplay>[0] {
  const { size, highest, seen } = window.view();
  return { size, lastSequence: highest, bits: toHex(seen) };
}

test('numbers that came are told from those that did not, from the first number that ever was', () => {
  const window = new ReplayWindow(32);
  for (const number of [1, 2, 4, 5]) window.mark(number);
  const picture = readReplay(told(window));
  assert.deepEqual([picture.oldest, picture.newest, picture.came, picture.missing], [1, 5, 4, 1]);
  assert.deepEqual([...picture.seen], [1, 1, 0, 1, 1]);
});

test('a window in which nothing came has no numbers', () => {
  const { oldest, newest, seen, came, missing } = readReplay(told(new ReplayWindow(64)));
  assert.deepEqual([oldest, newest, seen.length, came, missing], [0, 0, 0, 0, 0]);
});

test('whatever came, the picture has it, and what it does not have did not come', () => {
  const numbers = fc.array(fc.integer({ min: 1, max: 400 }), { maxLength: 200 });
  fc.assert(
    fc.property(numbers, fc.constantFrom(0, 2 ** 32 - 100), (marked, base) => {
      const window = new ReplayWindow(128, base);
      for (const number of marked) window.mark(base + number);
      const { oldest, newest, seen } = readReplay(told(window));
      const expected = new Set(marked.map((number) => base + number).filter((number) => number >= oldest));
      const shown = [...seen].flatMap((one, index) => (one === 1 ? [oldest + index] : []));
      assert.deepEqual(new Set(shown), expected);
      assert.equal(newest, window.top);
    }),
  );
});

test('one number that is missing among thousands is a gap in the strip; what is before the first is none of it', () => {
  const window = new ReplayWindow(4096);
  for (let number = 1; number <= 4096; number++) if (number !== 2000) window.mark(number);
  const whole = seenStretches(readReplay(told(window)), 92);
  assert.equal(whole.length, 2);
  assert.deepEqual([whole[0]?.from, whole[1]?.to], [0, 1]);
  const young = new ReplayWindow(64);
  for (let number = 1; number <= 32; number++) young.mark(number);
  assert.deepEqual(seenStretches(readReplay(told(young)), 92), [{ from: 0.5, to: 1 }]);
});
