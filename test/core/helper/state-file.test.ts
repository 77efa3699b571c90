/**
 * Files of the state directory: modes, links, refusals.
 * @module
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { IpsecError } from '#core/base/error.ts';
import {
  draftSuffix,
  prepareStateDirectory,
  readStateFile,
  removeDraft,
  setAside,
  writeStateFile,
} from '#core/helper/state-file.ts';

function inDirectory(run: (directory: string) => void) {
  return () => {
    const directory = mkdtempSync(join(tmpdir(), 'culvert-state-'));
    try {
      run(directory);
    } finally {
      rmSync(directory, { recursive: true });
    }
  };
}

function refusesWith(errno: string) {
  return (error: unknown): boolean =>
    error instanceof IpsecError && error.code === 'STATE_UNWRITABLE' && error.message.includes(errno);
}

test(
  'a file is replaced whole, with mode 0600, and nothing stays beside it',
  inDirectory((directory) => {
    writeStateFile(directory, 'file', 'one, and long');
    writeStateFile(directory, 'file', 'two');
    assert.equal(readStateFile(directory, 'file'), 'two');
    assert.equal(statSync(join(directory, 'file')).mode & 0o7777, 0o600);
    assert.deepEqual(readdirSync(directory), ['file']);
  }),
);

test(
  'a write that fails leaves nothing of what was to be written',
  inDirectory((directory) => {
    mkdirSync(join(directory, 'file'));
    assert.throws(() => writeStateFile(directory, 'file', 'with keys'), refusesWith('EISDIR'));
    assert.deepEqual(readdirSync(directory), ['file']);
  }),
);

test(
  'what a write has left that did not end can be removed, also where there is nothing',
  inDirectory((directory) => {
    writeFileSync(join(directory, `file${draftSuffix}`), 'with keys');
    removeDraft(directory, 'file');
    removeDraft(directory, 'file');
    removeDraft(join(directory, 'none'), 'file');
    assert.deepEqual(readdirSync(directory), []);
  }),
);

test(
  'a file that is not there reads as null',
  inDirectory((directory) => assert.equal(readStateFile(directory, 'file'), null)),
);

test(
  'a symbolic link is neither read nor written through',
  inDirectory((directory) => {
    writeFileSync(join(directory, 'target'), 'precious');
    symlinkSync('target', join(directory, 'file'));
    assert.throws(() => readStateFile(directory, 'file'), refusesWith('ELOOP'));
    symlinkSync('target', join(directory, 'other.new'));
    assert.throws(() => writeStateFile(directory, 'other', 'x'), refusesWith('ELOOP'));
    assert.equal(readFileSync(join(directory, 'target'), 'utf8'), 'precious');
  }),
);

test(
  'a file set aside keeps its content under a name that tells',
  inDirectory((directory) => {
    writeFileSync(join(directory, 'file'), 'half');
    const kept = setAside(directory, 'file');
    assert.match(kept, /^file\.broken-\d+$/);
    assert.deepEqual(readdirSync(directory), [kept]);
    assert.equal(readFileSync(join(directory, kept), 'utf8'), 'half');
  }),
);

test(
  'a missing directory is made for its owner alone; a file in its place is refused',
  inDirectory((directory) => {
    const state = join(directory, 'a', 'b');
    prepareStateDirectory(state);
    assert.equal(statSync(state).mode & 0o7777, 0o700);
    mkdirSync(join(directory, 'shared'), { mode: 0o755 });
    prepareStateDirectory(join(directory, 'shared'));
    writeFileSync(join(directory, 'file'), '');
    assert.throws(() => prepareStateDirectory(join(directory, 'file')), refusesWith('not a directory'));
  }),
);

const openScript = `
import { FileIvStore } from '#core/helper/iv-store.ts';
import { silentLog } from '#core/base/port.ts';
try { FileIvStore.open(process.argv[1], silentLog).close(); console.log('opened'); } catch (error) { console.log(error.code, error.errno); }`;

test(
  'a file that may not be read is refused and stays, instead of being taken for a broken one',
  { skip: process.getuid?.() === 0 ? false : 'root, to have a file of another user' },
  inDirectory((directory) => {
    const nobody = 65534;
    chmodSync(directory, 0o711);
    const state = join(directory, 'state');
    mkdirSync(state, 0o700);
    chownSync(state, nobody, nobody);
    writeFileSync(join(state, 'iv-reservations.json'), '{}', { mode: 0o600 });
    const args = ['--input-type=module', '-e', openScript, state];
    const { stdout } = spawnSync(process.execPath, args, { uid: nobody, gid: nobody, encoding: 'utf8' });
    assert.equal(stdout.trim(), 'STATE_UNWRITABLE EACCES');
    assert.deepEqual(readdirSync(state), ['iv-reservations.json']);
  }),
);
