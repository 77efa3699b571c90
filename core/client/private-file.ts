/**
 * A file of the person's, for its owner alone: written whole or not at all, in a folder that is made where it is missing.
 * @module
 */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { makePrivateFolder } from './private-folder.ts';

/**
 * Replace the file at `path`; `isDurable` waits until it is on the disk. A draft that is not completed does not stay.
 * @throws what the file system refuses.
 */
export function writePrivateFile(path: string, text: string, isDurable: boolean): void {
  makePrivateFolder(dirname(path));
  const draft = `${path}.${process.pid}.new`;
  try {
    writeFileSync(draft, text, { mode: 0o600, flush: isDurable });
    renameSync(draft, path);
  } finally {
    rmSync(draft, { force: true });
  }
}
