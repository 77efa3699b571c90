/**
 * mkdir -p for a daemon: parents are 0755 whatever the umask, only the last directory gets the mode asked for.
 * Not node's `recursive`: that never returns where the kernel answers ENOENT to every attempt, as in /proc.
 * @module
 */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { errnoOf } from '#core/base/errno.ts';

/** Make `directory` and what it lies in; what exists already stays as it is. Throws the file system's own error. */
export function makeDirectory(directory: string, mode: number): void {
  const umask = process.umask(0o022);
  try {
    makeWithParents(directory, mode);
  } finally {
    process.umask(umask);
  }
}

function makeWithParents(directory: string, mode: number): void {
  if (tryToMake(directory, mode)) return;
  const parent = dirname(directory);
  if (parent !== directory) makeWithParents(parent, 0o755);
  // If it still cannot be made, this throws.
  if (!tryToMake(directory, mode)) mkdirSync(directory, mode);
}

/** True when it is there now, false when its parent is not. */
function tryToMake(directory: string, mode: number): boolean {
  try {
    mkdirSync(directory, mode);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return true;
    if (errnoOf(error) === 'ENOENT') return false;
    throw error;
  }
}
