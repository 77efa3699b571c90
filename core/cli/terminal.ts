/**
 * What the commands have around them: where they print, what they read, when they are asked to stop.
 * The process's own is `processTerminal`; tests give another.
 * @module
 */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { errnoOf } from '#core/base/errno.ts';
import { IpsecError } from '#core/base/error.ts';

/** The longest text that setkey reads; the contract's limit, in bytes. */
const longestInputBytes = 4 * 1024 * 1024;

/** A command's surroundings. */
export type Terminal = {
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
    print: (text) => void process.stdout.write(text),
    drained: async () => {
      if (process.stdout.writableNeedDrain) await once(process.stdout, 'drain');
    },
    complain: (text) => void process.stderr.write(text),
    readInput: () => readStream(process.stdin),
    readFile: readTextFile,
  };
}

async function readTextFile(path: string): Promise<string> {
  try {
    const bytes = await readFile(path);
    if (bytes.length > longestInputBytes) throw tooLong(path);
    return bytes.toString('utf8');
  } catch (error) {
    if (error instanceof IpsecError) throw error;
    const errno = errnoOf(error, 'EIO');
    throw new IpsecError('FILE_UNREADABLE', `cannot read ${path} (${errno})`, { path, errno }, error);
  }
}

async function readStream(stream: AsyncIterable<Buffer | string>): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    const buffer = Buffer.from(chunk);
    bytes += buffer.length;
    if (bytes > longestInputBytes) throw tooLong('standard input');
    chunks.push(buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function tooLong(name: string): IpsecError {
  return new IpsecError('API_MESSAGE_TOO_LONG', `${name} is longer than ${longestInputBytes} bytes`, { name });
}
