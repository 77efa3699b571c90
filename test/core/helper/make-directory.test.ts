/**
 * mkdir -p: modes of the last directory and its parents, and an end where nothing can be made.
 * @module
 */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeDirectory } from '#core/helper/make-directory.ts';

function inDirectory(run: (directory: string) => void) {
  return () => {
    const directory = mkdtempSync(join(tmpdir(), 'culvert-mkdir-'));
    try {
      run(directory);
    } finally {
      rmSync(directory, { recursive: true });
    }
  };
}

const modeOf = (path: string): number => statSync(path).mode & 0o7777;

test(
  'parents are 0755 and the last one has its mode, whatever the umask',
  inDirectory((directory) => {
    const umask = process.umask(0o077);
    try {
      makeDirectory(join(directory, 'a', 'b', 'c'), 0o755);
      makeDirectory(join(directory, 'd', 'e'), 0o700);
      assert.equal(process.umask(), 0o077);
    } finally {
      process.umask(umask);
    }
    assert.deepEqual(
      ['a', 'a/b', 'a/b/c', 'd', 'd/e'].map((path) => modeOf(join(directory, path))),
      [0o755, 0o755, 0o755, 0o755, 0o700],
    );
  }),
);

test(
  'what exists stays as it is',
  inDirectory((directory) => {
    mkdirSync(join(directory, 'a'), 0o750);
    makeDirectory(join(directory, 'a'), 0o755);
    assert.equal(modeOf(join(directory, 'a')), 0o750);
  }),
);

test(
  'a file in the way ends it',
  inDirectory((directory) => {
    writeFileSync(join(directory, 'file'), '');
    assert.throws(() => makeDirectory(join(directory, 'file', 'below'), 0o755), { code: 'ENOTDIR' });
  }),
);

test('a place where nothing can be made ends it', { skip: process.platform === 'linux' ? false : 'no /proc' }, () => {
  assert.throws(() => makeDirectory('/proc/culvert/state', 0o755), { code: 'ENOENT' });
});
