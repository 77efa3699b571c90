/**
 * A folder of the person's, made where it is missing. Not by `mkdir -p`: Node's asks again and again where the system
 * says that a parent is missing although it is there (below /proc, say), and never comes back.
 * @module
 */
import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** Make `path` and what is missing above it, each for its owner alone. @throws what the file system refuses. */
export function makePrivateFolder(path: string): void {
  const missing: string[] = [];
  for (let folder = path; !isFolder(folder); folder = dirname(folder)) {
    if (folder === dirname(folder)) break;
    missing.push(folder);
  }
  for (const folder of missing.reverse()) mkdirSync(folder, { mode: 0o700 });
}

/** A file in a folder's place is not one, and making the folder then fails with its reason. */
function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
