/**
 * Where the engine keeps its own files, its lock against a second start among them. Where the person's folder takes nothing
 * (a home that cannot be written, a full disk) the engine would take itself for a second start and end without a word; so
 * it gets a folder that goes with the session, and the window says what is not kept.
 * @module
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { errnoOf } from '#core/base/errno.ts';
import { makePrivateFolder } from '#core/client/private-folder.ts';

/** The folder, and what has to be said about it. */
export type ProfileFolder = {
  readonly path: string;
  /** Null where everything is kept. */
  readonly problem: string | null;
};

/** Where else: the session's own folder, or the system's for files that may go at any time. */
export type OtherPlaces = { readonly runtime: string | undefined; readonly temporary: string };

/** `wanted` where it can be written, and another place where not. @throws what the file system refuses of the last one. */
export function chooseProfileFolder(wanted: string, { runtime, temporary }: OtherPlaces): ProfileFolder {
  const errno = refusalOf(wanted);
  if (errno === null) return { path: wanted, problem: null };
  const problem = `${dirname(wanted)} cannot be written (${errno}): settings and the window's place are not kept`;
  if (runtime !== undefined && runtime !== '') {
    const path = join(runtime, 'culvert-window');
    if (refusalOf(path) === null) return { path, problem };
  }
  return { path: mkdtempSync(join(temporary, 'culvert-window-')), problem };
}

/** Make the folder and write into it; gives what was refused, null for nothing. */
function refusalOf(path: string): string | null {
  const probe = join(path, `probe-${process.pid}`);
  try {
    makePrivateFolder(path);
    mkdirSync(probe, { mode: 0o700 });
    writeFileSync(join(probe, 'probe'), 'written');
    return null;
  } catch (error) {
    return errnoOf(error, 'EIO');
  } finally {
    remove(probe);
  }
}

function remove(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    // it was never there
  }
}
