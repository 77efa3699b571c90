/** @module */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openCapture, openOutput } from '#core/cli/capture-file.ts';
import { thrownCode } from '#test/support/thrown-code.ts';

const directory = mkdtempSync(join(tmpdir(), 'culvert-capture-file-'));
after(() => rmSync(directory, { recursive: true }));

test('a file is read to its end', () => {
  const path = join(directory, 'in');
  writeFileSync(path, Buffer.alloc(700_000, 'abcdefg'));
  const { input, close } = openCapture(path);
  let length = 0;
  while (input.has(1)) {
    length += input.length;
    input.skip(input.length);
  }
  close();
  assert.equal(length, 700_000);
});

test('a file that is not there, or no file, cannot be read', () => {
  assert.equal(
    thrownCode(() => openCapture(join(directory, 'missing'))),
    'FILE_UNREADABLE',
  );
  const { input, close } = openCapture(directory);
  assert.equal(
    thrownCode(() => input.has(1)),
    'FILE_UNREADABLE',
  );
  close();
});

test('the file that is read is known by any of its names', () => {
  const path = join(directory, 'one');
  writeFileSync(path, 'x');
  symlinkSync(path, join(directory, 'two'));
  const capture = openCapture(path);
  assert.equal(capture.isSameAs(join(directory, 'two')), true);
  assert.equal(capture.isSameAs(join(directory, 'other')), false);
  assert.equal(capture.isSameAs('/dev/null'), false);
  capture.close();
});

test('what is written comes in order, small and large', () => {
  const path = join(directory, 'out');
  const output = openOutput(path);
  const pieces = [3, 1_000_000, 100_000, 3_000_000, 5].map((length, index) => new Uint8Array(length).fill(index + 1));
  for (const piece of pieces) output.write(piece);
  output.close();
  assert.ok(readFileSync(path).equals(Buffer.concat(pieces)));
});

test('a file that cannot be made or filled is told', () => {
  assert.equal(
    thrownCode(() => openOutput(join(directory, 'missing', 'out'))),
    'FILE_UNWRITABLE',
  );
  const full = openOutput('/dev/full');
  full.write(Uint8Array.of(1));
  assert.equal(
    thrownCode(() => full.close()),
    'FILE_UNWRITABLE',
  );
});
