/**
 * Files in culvertd's state directory: 0600 in a directory that nobody else may write, replaced whole, so that a crash
 * at any moment leaves either the old content or the new, and durable when the call returns.
 * @module
 */
import {
  closeSync,
  constants,
  fsyncSync,
  lstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { IpsecError } from '#core/base/error.ts';
import { errnoOf, isErrno } from '#core/base/errno.ts';
import { makeDirectory } from './make-directory.ts';

/**
 * Make `directory` (0700), or accept one that belongs to this user and that no other may write.
 * @throws {IpsecError} `STATE_UNWRITABLE`.
 */
export function prepareStateDirectory(directory: string): void {
  let status;
  try {
    makeDirectory(directory, 0o700);
    status = lstatSync(directory);
  } catch (error) {
    throw stateError(directory, error);
  }
  if (!status.isDirectory()) throw new IpsecError('STATE_UNWRITABLE', `${directory}: not a directory`);
  if (status.uid !== process.geteuid?.()) {
    throw new IpsecError('STATE_UNWRITABLE', `${directory}: belongs to uid ${status.uid}, not to culvertd`);
  }
  if ((status.mode & 0o022) !== 0) {
    throw new IpsecError('STATE_UNWRITABLE', `${directory}: other users may write into it`);
  }
}

/** Text of a file, or null when there is none. @throws {IpsecError} `STATE_UNWRITABLE` when it cannot be read. */
export function readStateFile(directory: string, name: string): string | null {
  const path = join(directory, name);
  try {
    const descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      return readFileSync(descriptor, 'utf8');
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw stateError(path, error);
  }
}

/** What a file is written to before it gets its name; one that is left when nobody writes is of a write that did not end. */
export const draftSuffix = '.new';

/** Replace a file's content durably. @throws {IpsecError} `STATE_UNWRITABLE`; the old content then stays. */
export function writeStateFile(directory: string, name: string, text: string): void {
  const path = join(directory, name);
  const draft = `${path}${draftSuffix}`;
  try {
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW;
    withDescriptor(draft, flags, (descriptor) => {
      writeAll(descriptor, Buffer.from(text));
      fsyncSync(descriptor);
    });
    renameSync(draft, path);
    withDescriptor(directory, constants.O_RDONLY, fsyncSync);
  } catch (error) {
    // On a full disk it would take the space that is missing, and it may hold keys.
    removeDraft(directory, name);
    throw stateError(path, error);
  }
}

/** Remove what a write of this file has left that did not end. Never throws. */
export function removeDraft(directory: string, name: string): void {
  try {
    rmSync(join(directory, `${name}${draftSuffix}`), { force: true });
  } catch {
    // Where nothing can be removed nothing can be written either, and that is told.
  }
}

/** Rename a broken file so that it can be looked at; returns its new name. */
export function setAside(directory: string, name: string): string {
  const kept = `${name}.broken-${Date.now()}`;
  try {
    renameSync(join(directory, name), join(directory, kept));
  } catch (error) {
    throw stateError(join(directory, name), error);
  }
  return kept;
}

/** The file system's refusal as an `IpsecError`. */
export function stateError(path: string, error: unknown): IpsecError {
  const code = errnoOf(error, 'EIO');
  return new IpsecError(
    'STATE_UNWRITABLE',
    `${path}: ${code}`,
    isErrno(code) ? { path, errno: code } : { path },
    error,
  );
}

function withDescriptor(path: string, flags: number, use: (descriptor: number) => void): void {
  const descriptor = openSync(path, flags, 0o600);
  try {
    use(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** write(2) may take less than it was given. */
function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) done += writeSync(descriptor, bytes, done);
}
