/**
 * A package's files in a folder, as they will lie below `/`.
 * @module
 */
import { chmodSync, cpSync, lstatSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FpmWords } from './fpm-words.ts';

/** Copy everything to `root`. Nobody but root can write to what is there, and everybody can read it. */
export function stageTree({ sources }: FpmWords, root: string): void {
  mkdirSync(root, { recursive: true });
  for (const [source, target] of sources) {
    mkdirSync(dirname(join(root, target)), { recursive: true });
    // Links stay as they are written: they name places of the system that the package is installed in.
    cpSync(source, join(root, target), { recursive: true, verbatimSymlinks: true });
  }
  setModes(root);
}

function setModes(path: string): void {
  const status = lstatSync(path);
  if (status.isSymbolicLink()) return;
  chmodSync(path, status.isDirectory() || (status.mode & 0o111) !== 0 ? 0o755 : 0o644);
  if (status.isDirectory()) for (const name of readdirSync(path)) setModes(join(path, name));
}

/** The bytes of all files below `path`. */
export function sizeOfTree(path: string): number {
  const status = lstatSync(path);
  if (!status.isDirectory()) return status.isSymbolicLink() ? 0 : status.size;
  return readdirSync(path).reduce((sum, name) => sum + sizeOfTree(join(path, name)), 0);
}
