/**
 * The control socket: modes, what is pushed aside and what never is, and that nothing stays behind.
 * @module
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ErrorCode } from '#core/base/error.ts';
import { IpsecError } from '#core/base/error.ts';
import { openControlSocket } from '#core/helper/control-socket.ts';

function inDirectory(run: (directory: string) => Promise<void>) {
  return async () => {
    const directory = mkdtempSync(join(tmpdir(), 'culvert-socket-'));
    try {
      await run(directory);
    } finally {
      rmSync(directory, { recursive: true });
    }
  };
}

function refusesWith(code: ErrorCode) {
  return (error: unknown): boolean => error instanceof IpsecError && error.code === code;
}

test(
  'the directory is made 0755 and the socket is 0666 when it listens',
  inDirectory(async (directory) => {
    const path = join(directory, 'run', 'control.sock');
    const umask = process.umask(0o077);
    const socket = await openControlSocket(path).finally(() => process.umask(umask));
    assert.equal(statSync(join(directory, 'run')).mode & 0o7777, 0o755);
    assert.equal(statSync(path).mode & 0o7777, 0o666);
    socket.close();
    assert.deepEqual(readdirSync(join(directory, 'run')), []);
  }),
);

test(
  'the socket has no mode for others until it listens',
  inDirectory(async (directory) => {
    const path = join(directory, 'control.sock');
    const umask = process.umask();
    const opening = openControlSocket(path);
    // The stale-socket check has nothing to do, so bind(2) happens within a few turns; look at each.
    const modes = new Set<number>();
    const watch = async (): Promise<void> => {
      for (let turn = 0; turn < 20; turn++) {
        if (existsSync(path)) modes.add(statSync(path).mode & 0o7777);
        await Promise.resolve();
      }
    };
    const [socket] = await Promise.all([opening, watch()]);
    assert.deepEqual([...modes], [0o600]);
    assert.equal(process.umask(), umask);
    socket.close();
  }),
);

test(
  'a socket that another culvertd serves is refused, and works on',
  inDirectory(async (directory) => {
    const path = join(directory, 'control.sock');
    const socket = await openControlSocket(path);
    await assert.rejects(openControlSocket(path), refusesWith('HELPER_SOCKET_BUSY'));
    assert.ok(lstatSync(path).isSocket());
    socket.close();
  }),
);

test(
  'a socket that any other program answers on is refused, and works on',
  inDirectory(async (directory) => {
    const path = join(directory, 'control.sock');
    const other = createServer().listen(path);
    await new Promise((resolve) => other.once('listening', resolve));
    await assert.rejects(openControlSocket(path), refusesWith('HELPER_SOCKET_BUSY'));
    assert.ok(lstatSync(path).isSocket());
    assert.deepEqual(readdirSync(directory), ['control.sock']);
    await new Promise((resolve) => other.close(resolve));
  }),
);

test(
  'a socket left behind by a killed process is replaced',
  inDirectory(async (directory) => {
    const path = join(directory, 'control.sock');
    const script = `require('node:net').createServer().listen(process.argv[1], () => console.log('ready'))`;
    const child = spawn(process.execPath, ['-e', script, path], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    assert.ok(lstatSync(path).isSocket());
    const socket = await openControlSocket(path);
    socket.close();
    assert.deepEqual(readdirSync(directory), []);
  }),
);

test(
  'a file, a directory and a symbolic link in the place of the socket are left alone',
  inDirectory(async (directory) => {
    const path = join(directory, 'control.sock');
    writeFileSync(path, 'precious');
    await assert.rejects(openControlSocket(path), refusesWith('HELPER_SOCKET_BUSY'));
    rmSync(path);
    mkdirSync(path);
    await assert.rejects(openControlSocket(path), refusesWith('HELPER_SOCKET_BUSY'));
    rmSync(path, { recursive: true });
    symlinkSync('/dev/null', path);
    await assert.rejects(openControlSocket(path), refusesWith('HELPER_SOCKET_BUSY'));
    assert.ok(lstatSync(path).isSymbolicLink());
  }),
);

test(
  'a directory in which others could swap the socket is refused',
  inDirectory(async (directory) => {
    const shared = join(directory, 'shared');
    mkdirSync(shared);
    chmodSync(shared, 0o777);
    await assert.rejects(openControlSocket(join(shared, 'control.sock')), refusesWith('HOST_FAILED'));
    chmodSync(shared, 0o1777);
    const socket = await openControlSocket(join(shared, 'control.sock'));
    socket.close();
  }),
);

test('a path that does not fit sockaddr_un is refused with its length', async () => {
  const path = `/tmp/${'x'.repeat(103)}`;
  await assert.rejects(openControlSocket(path), (error) => {
    return error instanceof IpsecError && error.code === 'HOST_FAILED' && error.message.includes('108 bytes');
  });
});
