/**
 * The Unix socket that culvertd listens on, made so that nobody gets in before it is ready and nothing that lives is
 * pushed aside: strict mode at bind(2) through the umask, a lock beside it, and a left-over socket file is removed
 * only after connect(2) to it was refused.
 *
 * Its final mode is 0666 on purpose: anyone on the machine may connect, because anyone may read the state. What a caller
 * may do is decided by SO_PEERCRED (peer.ts), not by file modes, so a refusal is an answer that names the remedy.
 * @module
 */
import { chmodSync, lstatSync, statSync, unlinkSync, type Stats } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { dirname } from 'node:path';
import { IpsecError } from '#core/base/error.ts';
import { errnoOf, isErrno } from '#core/base/errno.ts';
import { acquireLock, isLockHeld, type ExclusiveLock } from './exclusive-lock.ts';
import { makeDirectory } from './make-directory.ts';

/** A listening control socket. */
export type ControlSocket = {
  readonly path: string;
  readonly server: Server;
  /** Stop listening and remove the socket file. Connections are the owner's to close. */
  close(): void;
};

/** Longest path that fits sockaddr_un: sun_path without its final zero (unix(7); 104 bytes on BSD and macOS). */
const maxPathBytes = process.platform === 'linux' ? 107 : 103;

/**
 * Listen on `path`.
 * @throws {IpsecError} `HELPER_SOCKET_BUSY` when something lives there, `HOST_FAILED` or `HOST_DENIED` when the system refuses.
 */
export async function openControlSocket(path: string): Promise<ControlSocket> {
  const pathBytes = Buffer.byteLength(path);
  if (pathBytes > maxPathBytes) {
    throw new IpsecError('HOST_FAILED', `the socket path has ${pathBytes} bytes, more than ${maxPathBytes}`, {
      field: 'socket',
    });
  }
  const lock = lockSocket(path);
  try {
    await removeStaleSocket(path);
    const server = createServer();
    await listenStrictly(server, path);
    return { path, server, close: () => closeSocket(server, path, lock) };
  } catch (error) {
    lock.release();
    throw hostError(path, error);
  }
}

/** Make the directory (0755), check that others cannot swap the socket in it, and lock the path. */
function lockSocket(path: string): ExclusiveLock {
  const directory = dirname(path);
  let result;
  try {
    makeDirectory(directory, 0o755);
    checkDirectory(directory, statSync(directory));
    result = acquireLock(`${path}.lock`);
  } catch (error) {
    throw hostError(directory, error);
  }
  if (isLockHeld(result)) return result;
  throw new IpsecError('HELPER_SOCKET_BUSY', `${path}: culvertd with pid ${result.pid} serves it`, { pid: result.pid });
}

function checkDirectory(directory: string, status: Stats): void {
  const isOurs = status.uid === 0 || status.uid === process.geteuid?.();
  const isSticky = (status.mode & 0o1000) !== 0;
  if (!isOurs || ((status.mode & 0o022) !== 0 && !isSticky)) {
    throw new IpsecError('HOST_FAILED', `${directory}: other users could replace the socket in it`, {
      field: 'socket',
    });
  }
}

async function removeStaleSocket(path: string): Promise<void> {
  const status = lstatSync(path, { throwIfNoEntry: false });
  if (status === undefined) return;
  if (!status.isSocket()) {
    throw new IpsecError('HELPER_SOCKET_BUSY', `${path}: exists and is not a socket`, { field: 'socket' });
  }
  if (!(await isConnectRefused(path))) {
    throw new IpsecError('HELPER_SOCKET_BUSY', `${path}: a process answers there`, { field: 'socket' });
  }
  unlinkSync(path);
}

/** Only ECONNREFUSED says that nobody listens: a full backlog or a denied connect is a sign of life. */
function isConnectRefused(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(path);
    const settle = (isRefused: boolean): void => {
      probe.destroy();
      resolve(isRefused);
    };
    probe.once('connect', () => settle(false));
    probe.once('error', (error: NodeJS.ErrnoException) => settle(error.code === 'ECONNREFUSED'));
  });
}

/** Between bind(2) and the chmod the socket is 0600; node binds and listens before listen() returns. */
async function listenStrictly(server: Server, path: string): Promise<void> {
  const umask = process.umask(0o177);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(path, () => {
        server.off('error', reject);
        resolve();
      });
      process.umask(umask);
    });
    chmodSync(path, 0o666);
  } catch (error) {
    server.close();
    throw error;
  } finally {
    process.umask(umask);
  }
}

function closeSocket(server: Server, path: string, lock: ExclusiveLock): void {
  // Closing a listening Unix socket in node removes its file; only while the lock is ours is it surely our file.
  if (lock.isHeld()) server.close();
  else server.unref();
  if (lock.isHeld() && lstatSync(path, { throwIfNoEntry: false })?.isSocket() === true) unlinkSync(path);
  lock.release();
}

function hostError(path: string, error: unknown): IpsecError {
  if (error instanceof IpsecError) return error;
  const code = errnoOf(error, 'EIO');
  if (code === 'EADDRINUSE')
    return new IpsecError('HELPER_SOCKET_BUSY', `${path}: ${code}`, { field: 'socket' }, error);
  const isDenied = code === 'EACCES' || code === 'EPERM';
  const details = isErrno(code) ? { field: 'socket', errno: code } : { field: 'socket' };
  return new IpsecError(isDenied ? 'HOST_DENIED' : 'HOST_FAILED', `${path}: ${code}`, details, error);
}
