/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatReplayWindows } from '#core/cli/status/replay-table.ts';
import { toHex } from '#core/base/bytes.ts';
import { ReplayWindow } from '#core/esp/replay-window.ts';
import { association } from '#test/renderer/state/example-session.ts';

function told(id: number, window: ReplayWindow): Parameters<typeof formatReplayWindows>[0][number] {
  const { size, highest, seen } = window.view();
  return { id, size, lastSequence: highest, bits: toHex(seen) };
}

test('a window is a row, and its numbers letters, 64 in a line, each line with its first number', () => {
  const window = new ReplayWindow(1024);
  for (let number = 1; number <= 100; number++) if (number % 10 !== 0) window.mark(number);
  const { usage, ...rest } = association(1, 2, 'in');
  const text = formatReplayWindows([told(2, window)], [{ ...rest, usage: { ...usage, replayDrops: 6 } }]);
  assert.equal(
    text,
    `
SPI         FROM          WINDOW  NUMBERS  CAME  NOT YET  REFUSED
0x00001002  198.51.100.1  1024    1-99     90    9        6

0x00001002, # came, . not yet:
   1  ${'#########.'.repeat(6)}####
  65  #####.${'#########.'.repeat(2)}#########
`,
  );
});

test('of a large window the newest 256 numbers are shown, of one in which nothing came none', () => {
  const large = new ReplayWindow(4096, 2 ** 32);
  for (let number = 1; number <= 1000; number++) large.mark(2 ** 32 + number);
  const text = formatReplayWindows(
    [told(1, large), told(2, new ReplayWindow(32))],
    [association(1, 1, 'in'), association(1, 2, 'in')],
  );
  const lines = text.split('\n').filter((line) => /^ +\d/.test(line));
  assert.deepEqual([lines.length, lines[0]?.trim().split('  ')[0]], [4, String(2 ** 32 + 1000 - 255)]);
  assert.match(text, /^0x00001002 .* 32 +- +0 +0 +0$/m);
  assert.equal(formatReplayWindows([], [association(1, 1, 'in')]), '');
});
