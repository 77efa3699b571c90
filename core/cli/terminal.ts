/**
 * What the commands have around them: where they print, what they read, when they are asked to stop.
 * The process's own is `processTerminal`; tests give another.
 * @module
 */
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { isatty } from 'node:tty';
import { longestText } from '#core/api/text-limit.ts';
import { errnoOf } from '#core/base/errno.ts';
import { IpsecError } from '#core/base/error.ts';

/** A command's surroundings. */
export type Terminal = {
  /** How wide a line may be; left out where nobody says, as for a file. */
  readonly columns?: number | undefined;
  /** Whether a person types what `readInput` reads; left out where none does. */
  readonly isTyped?: boolean;
  /** Write to standard output. */
  print(text: string): void;
  /** Resolves when standard output takes more without keeping it; for what prints much. Left out where it always does. */
  drained?(): Promise<void>;
  /** Write to standard error. */
  complain(text: string): void;
  /** Everything on standard input. @throws {IpsecError} `API_MESSAGE_TOO_LONG`. */
  readInput(): Promise<string>;
  /** A whole file. @throws {IpsecError} `FILE_UNREADABLE`, `API_MESSAGE_TOO_LONG`. */
  readFile(path: string): Promise<string>;
};

/** The surroundings of this process. */
export function processTerminal(): Terminal {
  return {
    columns: process.stdout.columns ?? (Number(process.env['COLUMNS']) || undefined),
    isTyped: isatty(0),
    print: (text) => void process.stdout.write(process.stdout.isTTY ? withoutControls(text) : text),
    drained: async () => {
      if (process.stdout.writableNeedDrain) await once(process.stdout, 'drain');
    },
    complain: (text) => void process.stderr.write(process.stderr.isTTY ? withoutControls(text) : text),
    readInput: () => readStream(process.stdin, 'standard input'),
    readFile: readTextFile,
  };
}

/**
 * What a terminal may get: text of files and peers is among it, and an escape sequence in that would move the cursor, set
 * a title or answer for the person. Tab and newline stay; C0, DEL and C1 (ECMA-48) are shown as U+FFFD.
 */
export function withoutControls(text: string): string {
  return text.replace(/[^\P{Cc}\t\n]/gu, '\ufffd');
}

async function readTextFile(path: string): Promise<string> {
  try {
    // A stream: of what never ends, /dev/zero say, no more is read than is allowed.
    return await readStream(createReadStream(path), path);
  } catch (error) {
    if (error instanceof IpsecError) throw error;
    const errno = errnoOf(error, 'EIO');
    throw new IpsecError('FILE_UNREADABLE', `cannot read ${path} (${errno})`, { path, errno }, error);
  }
}

async function readStream(stream: AsyncIterable<Buffer | string>, name: string): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    const buffer = Buffer.from(chunk);
    bytes += buffer.length;
    if (bytes > longestText) throw tooLong(name);
    chunks.push(buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function tooLong(name: string): IpsecError {
  return new IpsecError('API_MESSAGE_TOO_LONG', `${name} is longer than ${longestText} bytes`, { name });
}
