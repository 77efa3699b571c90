/**
 * `app://bundle/`: the window's page out of a fixed table of files. No part of an address ever reaches the file system,
 * and every answer carries the page's Content-Security-Policy.
 * @module
 */
import type { PageFile } from '#core/client/page-files.ts';
import { pageHeaders } from '#core/client/page-headers.ts';

/** The scheme. */
export const scheme = 'app';
/** The page's origin. */
const pageOrigin = `${scheme}://bundle`;
/** The page. */
export const pageAddress = `${pageOrigin}/index.html`;

/** What the scheme may do: it is an origin of its own, and as trustworthy as HTTPS. */
export const schemePrivileges = {
  scheme,
  privileges: { standard: true, secure: true, supportFetchAPI: true },
} as const;

/** The page connects to nothing: everything it asks goes through the preload. */
const headers = pageHeaders([]);

/** Answer one request out of `files`. */
export function answerPage(
  { method, url }: { readonly method: string; readonly url: string },
  files: ReadonlyMap<string, PageFile>,
): Response {
  if (method !== 'GET') return refuse(405, 'Only GET.');
  if (!isPageAddress(url)) return refuse(403, 'Not our page.');
  const { pathname } = new URL(url);
  const file = files.get(pathname === '/' ? '/index.html' : pathname);
  if (file === undefined) return refuse(404, 'There is no such file.');
  const body = new Uint8Array(file.bytes);
  return new Response(body, { status: 200, headers: { ...headers, 'Content-Type': file.type } });
}

/** Whether `url` is of our page: its origin, never how it begins. */
export function isPageAddress(url: string): boolean {
  try {
    const { protocol, host, username, password } = new URL(url);
    return `${protocol}//${host}` === pageOrigin && username === '' && password === '';
  } catch {
    return false;
  }
}

function refuse(status: number, text: string): Response {
  return new Response(`${text}\n`, { status, headers: { ...headers, 'Content-Type': 'text/plain; charset=utf-8' } });
}
