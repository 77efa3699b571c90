/**
 * Files that a command names, with their text; `-` is standard input.
 * @module
 */
import type { Terminal } from './terminal.ts';
import type { NamedText } from '#core/profile/import/text-kind.ts';

/** Read them, in order. @throws {IpsecError} `FILE_UNREADABLE`, `API_MESSAGE_TOO_LONG`. */
export async function readNamedFiles(
  paths: readonly string[],
  terminal: Pick<Terminal, 'readFile' | 'readInput'>,
): Promise<NamedText[]> {
  const files: NamedText[] = [];
  for (const path of paths) {
    const text = path === '-' ? await terminal.readInput() : await terminal.readFile(path);
    files.push({ name: path === '-' ? 'standard input' : path, text });
  }
  return files;
}
