/**
 * Capture files on disk: read in pieces, so that one may be larger than memory, and written in pieces.
 * @module
 */
import { closeSync, fstatSync, openSync, readSync, statSync, writeSync } from 'node:fs';
import { errnoOf } from '#core/base/errno.ts';
import { IpsecError, type ErrorCode } from '#core/base/error.ts';
import { CaptureInput } from '#core/capture/capture-input.ts';

/** A capture that is open for reading. */
export type OpenCapture = {
  readonly input: CaptureInput;
  /** Whether `path` names the same file. */
  isSameAs(path: string): boolean;
  close(): void;
};

/** A file that is being written. */
export type OpenOutput = {
  write(bytes: Uint8Array): void;
  /** Write what is left. */
  close(): void;
};

/** Our own size: bytes that are written at a time. */
const pieceBytes = 1024 * 1024;

/** Open a capture; `-` is standard input. @throws {IpsecError} `FILE_UNREADABLE`, when reading on, too. */
export function openCapture(path: string): OpenCapture {
  // Opened anew, standard input waits for bytes whatever the process before us made of it.
  const file = attempt('FILE_UNREADABLE', `cannot read ${path}`, () =>
    openSync(path === '-' ? '/dev/stdin' : path, 'r'),
  );
  const input = new CaptureInput((into, offset) =>
    attempt('FILE_UNREADABLE', `cannot read ${path}`, () => readSync(file, into, offset, into.length - offset, null)),
  );
  return { input, isSameAs: (other) => isSameFile(file, other), close: () => closeSync(file) };
}

/** Create or overwrite a file. @throws {IpsecError} `FILE_UNWRITABLE`, when writing, too. */
export function openOutput(path: string): OpenOutput {
  const doing = `cannot write ${path}`;
  const file = attempt('FILE_UNWRITABLE', doing, () => openSync(path, 'w'));
  const piece = new Uint8Array(pieceBytes);
  let filled = 0;
  const flush = (): void => {
    const length = filled;
    // Also after a failure: what could not be written once is not tried again.
    filled = 0;
    writeAll(file, piece.subarray(0, length), doing);
  };
  return {
    write(bytes) {
      if (filled + bytes.length > pieceBytes) flush();
      if (bytes.length > pieceBytes) return writeAll(file, bytes, doing);
      piece.set(bytes, filled);
      filled += bytes.length;
    },
    close() {
      try {
        flush();
      } finally {
        closeSync(file);
      }
    },
  };
}

function writeAll(file: number, bytes: Uint8Array, doing: string): void {
  let written = 0;
  while (written < bytes.length) {
    written += attempt('FILE_UNWRITABLE', doing, () => writeSync(file, bytes, written));
  }
}

function isSameFile(file: number, path: string): boolean {
  const other = statSync(path, { throwIfNoEntry: false });
  if (other === undefined || !other.isFile()) return false;
  const own = fstatSync(file);
  return own.dev === other.dev && own.ino === other.ino;
}

function attempt<Result>(code: ErrorCode, doing: string, act: () => Result): Result {
  try {
    return act();
  } catch (error) {
    const errno = errnoOf(error, 'EIO');
    throw new IpsecError(code, `${doing} (${errno})`, { errno }, error);
  }
}
