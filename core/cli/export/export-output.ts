/**
 * Where exported files go: standard output, one file, or a folder. What holds keys is 0600 from its first byte, and
 * what was there before is replaced whole.
 * @module
 */
import { lstat, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { errnoOf } from '#core/base/errno.ts';
import { IpsecError } from '#core/base/error.ts';
import type { ExportFormat } from '#core/profile/export/export-format.ts';
import type { ExportedFile } from '#core/profile/export/export-source.ts';
import { joinFiles } from '#core/profile/export/joined-files.ts';

/** A file that was written. */
export type WrittenFile = { readonly path: string; readonly holdsKeys: boolean };

/** What standard output gets: all parts in one text, or the picture for a terminal. */
export function textForTerminal(files: readonly ExportedFile[], { files: kind }: Pick<ExportFormat, 'files'>): string {
  return kind === 'pictures' ? (files[0]?.text ?? '') : joinFiles(files);
}

/**
 * Write to `path`: a folder that exists, or any path that ends in `/`, gets every file under its own name; everything else
 * is one file, with the parts one after the other, or with the picture that its extension asks for.
 * @throws {IpsecError} `FILE_UNWRITABLE`.
 */
export async function writeExport(
  files: readonly ExportedFile[],
  { files: kind }: Pick<ExportFormat, 'files'>,
  path: string,
): Promise<WrittenFile[]> {
  try {
    if (path.endsWith('/') || (await isFolder(path))) return await writeFolder(files, path);
    const picture = files.find(({ name }) => extname(name) === extname(path).toLowerCase()) ?? files[0];
    const text = kind === 'pictures' ? (picture?.text ?? '') : joinFiles(files);
    const holdsKeys = files.some((file) => file.holdsKeys);
    await replaceFile(path, text, holdsKeys);
    return [{ path, holdsKeys }];
  } catch (error) {
    if (error instanceof IpsecError) throw error;
    const errno = errnoOf(error, 'EIO');
    throw new IpsecError('FILE_UNWRITABLE', `cannot write ${path} (${errno})`, { path, errno }, error);
  }
}

async function writeFolder(files: readonly ExportedFile[], folder: string): Promise<WrittenFile[]> {
  const written: WrittenFile[] = [];
  for (const { name, text, holdsKeys } of files) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await replaceFile(path, text, holdsKeys);
    written.push({ path, holdsKeys });
  }
  return written;
}

/** A draft beside it takes its place: a link is replaced, not followed, and nobody can have opened it before. */
async function replaceFile(path: string, text: string, holdsKeys: boolean): Promise<void> {
  const there = await lstat(path).catch(() => null);
  if (there !== null && !there.isFile() && !there.isSymbolicLink()) {
    throw new IpsecError('FILE_UNWRITABLE', `${path} is there and is no file`, { path });
  }
  if (there?.isSymbolicLink() === true && (await stat(path).catch(() => null))?.isFile() === false) {
    throw new IpsecError('FILE_UNWRITABLE', `${path} leads to what is no file`, { path });
  }
  const draft = join(dirname(path), `.${basename(path)}.${process.pid}.new`);
  try {
    await writeFile(draft, text, { mode: holdsKeys ? 0o600 : 0o666, flag: 'wx' });
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() ?? false;
}
