/**
 * The files of the window's page, read once when the program starts that serves it: what is not in this table is not
 * served, so no path of a request ever reaches the file system.
 * @module
 */
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { IpsecError } from '#core/base/error.ts';

/** One file as it is sent. */
export type PageFile = { readonly type: string; readonly bytes: Uint8Array };

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.woff2': 'font/woff2',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};

/**
 * Path of a request → file, of the built page in `folder`.
 * @throws {IpsecError} `FILE_UNREADABLE` where the page was not built.
 */
export function readPageFiles(folder: string): ReadonlyMap<string, PageFile> {
  const files = new Map<string, PageFile>();
  for (const path of listFiles(folder, '')) {
    const type = types[extname(path)];
    if (type !== undefined) files.set(path, { type, bytes: readFileSync(join(folder, path)) });
  }
  if (!files.has('/index.html')) {
    throw new IpsecError('FILE_UNREADABLE', `the window's page is not in ${folder}: build it with npm start`, {
      path: folder,
    });
  }
  return files;
}

/** Paths below `folder`, each with a slash before it; none where there is no folder. */
function listFiles(folder: string, prefix: string): readonly string[] {
  try {
    return readdirSync(join(folder, prefix), { withFileTypes: true }).flatMap((entry) => {
      const path = `${prefix}/${entry.name}`;
      return entry.isDirectory() ? listFiles(folder, path) : [path];
    });
  } catch {
    return [];
  }
}
