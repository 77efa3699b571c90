/**
 * The lock file against real processes: living, killed, and many at once.
 * @module
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { acquireLock, isLockHeld } from '#core/helper/exclusive-lock.ts';

const lockScript = `
import { acquireLock, isLockHeld } from '#core/helper/exclusive-lock.ts';
const result = acquireLock(process.argv[1]);
console.log(isLockHeld(result) ? 'held' : 'refused by ' + result.pid);
setInterval(() => {}, 1000);
`;

function inDirectory(run: (directory: string) => void | Promise<void>) {
  return async () => {
    const directory = mkdtempSync(join(tmpdir(), 'culvert-lock-'));
    try {
      await run(directory);
    } finally {
      rmSync(directory, { recursive: true });
    }
  };
}

/** A process that takes the lock and says so. */
async function lockElsewhere(path: string) {
  const child = spawn(process.execPath, ['--input-type=module', '-e', lockScript, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = new Promise((resolve) => child.once('exit', resolve));
  const said = await new Promise<string>((resolve) =>
    child.stdout.once('data', (data) => resolve(String(data).trim())),
  );
  return { said, pid: child.pid, kill: () => (child.kill('SIGKILL'), exit) };
}

test(
  'one process holds the lock, and its file goes with the release',
  inDirectory((directory) => {
    const path = join(directory, 'lock');
    const lock = acquireLock(path);
    assert.ok(isLockHeld(lock));
    assert.equal(lock.isHeld(), true);
    assert.deepEqual(acquireLock(path), { pid: process.pid });
    lock.release();
    assert.deepEqual(readdirSync(directory), []);
  }),
);

test(
  'a living process keeps its lock, a killed one loses it',
  inDirectory(async (directory) => {
    const path = join(directory, 'lock');
    const other = await lockElsewhere(path);
    assert.equal(other.said, 'held');
    assert.deepEqual(acquireLock(path), { pid: other.pid });
    await other.kill();
    const lock = acquireLock(path);
    assert.ok(isLockHeld(lock));
    assert.deepEqual(readdirSync(directory), ['lock']);
  }),
);

/** Resolves when `isTrue`, asked every 20 ms, is. */
async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 20));
}

test(
  'a killed process that its parent has not waited for loses its lock too',
  { skip: process.platform !== 'linux', timeout: 20_000 },
  inDirectory(async (directory) => {
    const path = join(directory, 'lock');
    const script = '"$0" --input-type=module -e "$1" "$2" >/dev/null & exec sleep 60';
    const parent = spawn('sh', ['-c', script, process.execPath, lockScript, path], { stdio: 'ignore' });
    const exit = new Promise((resolve) => parent.once('exit', resolve));
    try {
      await until(() => existsSync(path));
      const owner = acquireLock(path);
      assert.ok(!isLockHeld(owner));
      process.kill(owner.pid, 'SIGKILL');
      await until(() => readFileSync(`/proc/${owner.pid}/stat`, 'latin1').includes(') Z '));
      assert.ok(isLockHeld(acquireLock(path)));
    } finally {
      parent.kill('SIGKILL');
      await exit;
    }
  }),
);

test(
  'of eight processes that find a dead lock at once, one gets it',
  inDirectory(async (directory) => {
    const path = join(directory, 'lock');
    writeFileSync(path, '1 0 no-such-boot');
    const others = await Promise.all(Array.from({ length: 8 }, () => lockElsewhere(path)));
    const said = others.map((other) => other.said);
    await Promise.all(others.map((other) => other.kill()));
    assert.equal(said.filter((line) => line === 'held').length, 1, said.join('; '));
  }),
);

test(
  'a process id that was given out again does not keep a dead lock alive',
  inDirectory((directory) => {
    const path = join(directory, 'lock');
    writeFileSync(path, `${process.pid} 1 00000000-0000-0000-0000-000000000000`);
    assert.ok(isLockHeld(acquireLock(path)));
  }),
);

test(
  'a lock whose content a power cut kept from the disk is nobody’s: the next start takes it',
  inDirectory((directory) => {
    const path = join(directory, 'lock');
    for (const content of ['', '\n', '\0'.repeat(4096)]) {
      writeFileSync(path, content);
      const lock = acquireLock(path);
      assert.ok(isLockHeld(lock), JSON.stringify(content.slice(0, 4)));
      assert.deepEqual(acquireLock(path), { pid: process.pid });
      lock.release();
    }
  }),
);

test(
  'a lock that does not say whose it is, or is no file, is left alone',
  inDirectory((directory) => {
    const path = join(directory, 'lock');
    writeFileSync(path, 'garbage');
    assert.deepEqual(acquireLock(path), { pid: 0 });
    rmSync(path);
    symlinkSync('/dev/null', path);
    assert.deepEqual(acquireLock(path), { pid: 0 });
    assert.ok(existsSync(path));
  }),
);

test(
  'whose lock file was replaced no longer holds it, and does not remove the other',
  inDirectory((directory) => {
    const path = join(directory, 'lock');
    const lock = acquireLock(path);
    assert.ok(isLockHeld(lock));
    writeFileSync(path, '1 1 other');
    assert.equal(lock.isHeld(), false);
    lock.release();
    assert.ok(existsSync(path));
  }),
);
