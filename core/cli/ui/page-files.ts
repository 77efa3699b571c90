/**
 * The files of the window's page, read once when the server starts: what is not in this table is not served, so no path
 * of a request ever reaches the file system.
 * @module
 */
import { globSync, readFileSync } from 'node:fs';
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
  for (const path of globSync('**/*', { cwd: folder })) {
    const type = types[extname(path)];
    if (type !== undefined) files.set(`/${path}`, { type, bytes: readFileSync(join(folder, path)) });
  }
  if (!files.has('/index.html')) {
    throw new IpsecError('FILE_UNREADABLE', `the window's page is not in ${folder}: build it with npm start`, {
      path: folder,
    });
  }
  return files;
}
