/**
 * Memory that the process does not use goes back to the system, and all goes on as before.
 * @module
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { loadNative } from '#core/host/linux/native.ts';
import { missingForNative } from '#test/support/native-package.ts';

const skip = missingForNative() ?? (process.platform === 'linux' ? false : 'only Linux tells what is resident');

/** Bytes of files that are resident (proc_pid_status(5)). */
function residentOfFiles(): number {
  return Number(/^RssFile:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1024;
}

test('pages of the program that only its start needed are resident no longer', { skip }, () => {
  const native = loadNative();
  const before = residentOfFiles();
  const dropped = native.trimMemory();
  const after = residentOfFiles();
  assert.ok(dropped > before / 2, `Node.js's own file is most of ${before}: ${dropped}`);
  assert.ok(after < before / 2, `${before} before, ${after} after`);
});

test('a program goes on without the pages of its file, again and again', { skip }, () => {
  const native = loadNative();
  const text = JSON.stringify(Array.from({ length: 1000 }, (_, index) => ({ index, root: Math.sqrt(index) })));
  for (let round = 0; round < 3; round++) {
    native.trimMemory();
    assert.equal(JSON.stringify(JSON.parse(text)), text);
    assert.equal(new Intl.NumberFormat('en').format(1234.5), '1,234.5');
    assert.throws(() => JSON.parse('{'), SyntaxError);
  }
});
