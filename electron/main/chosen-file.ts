/**
 * Files that the person chooses in the desktop's own dialog: the page names none, and never learns where one lies.
 * @module
 */
import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { BaseWindow, Dialog } from 'electron';
import { longestText } from '#core/api/text-limit.ts';
import { errnoOf } from '#core/base/errno.ts';
import { IpsecError } from '#core/base/error.ts';

/** What dialogs stand on. */
export type FileDialogs = {
  readonly dialog: Pick<Dialog, 'showSaveDialog' | 'showOpenDialog'>;
  readonly window: () => BaseWindow | null;
  /** Where the dialog begins. */
  readonly folder: string;
};

/** Ask where to, and write `text` there, whole or not at all; a secret is for its owner alone. */
export async function saveChosenFile(
  dialogs: FileDialogs,
  { suggestedName, text, isSecret }: { suggestedName: string; text: string; isSecret: boolean },
): Promise<{ isSaved: boolean }> {
  const options = { defaultPath: join(dialogs.folder, suggestedName) };
  const window = dialogs.window();
  const { canceled, filePath } = await (window === null
    ? dialogs.dialog.showSaveDialog(options)
    : dialogs.dialog.showSaveDialog(window, options));
  if (canceled || filePath === '') return { isSaved: false };
  await writeWhole(filePath, text, isSecret ? 0o600 : 0o644);
  return { isSaved: true };
}

/** Ask for a file; null when none was chosen. @throws {IpsecError} `FILE_UNREADABLE`, `API_MESSAGE_TOO_LONG`. */
export async function openChosenFile(dialogs: FileDialogs): Promise<{ file: { name: string; text: string } | null }> {
  const window = dialogs.window();
  const options = { properties: ['openFile' as const] };
  const { canceled, filePaths } = await (window === null
    ? dialogs.dialog.showOpenDialog(options)
    : dialogs.dialog.showOpenDialog(window, options));
  const path = filePaths[0];
  if (canceled || path === undefined) return { file: null };
  return { file: { name: basename(path).slice(0, 255), text: await readWhole(path) } };
}

async function readWhole(path: string): Promise<string> {
  try {
    const found = await stat(path);
    if (!found.isFile()) throw new IpsecError('FILE_UNREADABLE', `${basename(path)} is no file`);
    if (found.size > longestText) {
      throw new IpsecError('API_MESSAGE_TOO_LONG', `${basename(path)} is longer than ${longestText} bytes`);
    }
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof IpsecError) throw error;
    const errno = errnoOf(error, 'EIO');
    throw new IpsecError('FILE_UNREADABLE', `cannot read ${basename(path)} (${errno})`, { errno }, error);
  }
}

/** A file of this name that others may read must not hold a secret even for a moment: written beside it, then put there. */
async function writeWhole(path: string, text: string, mode: number): Promise<void> {
  const draft = `${path}.${process.pid}.new`;
  try {
    const file = await open(draft, 'wx', mode);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    const errno = errnoOf(error, 'EIO');
    throw new IpsecError('FILE_UNWRITABLE', `cannot write ${basename(path)} (${errno})`, { errno }, error);
  }
}
