/**
 * The page for a browser that has no session yet: it takes the token off the address, exchanges it, and becomes the window
 * with what it is told then. It is the same for everyone and says nothing of this machine, nor of what the page is made of.
 * @module
 */
import { relayKeyName } from '#core/api/relay-name.ts';
import type { PageFile } from '#core/client/page-files.ts';
import type { PageParts } from './page-parts.ts';

/** What the exchange answers: the half of the session that the page keeps, and what it becomes the window with. */
export type Entry = PageParts & { readonly key: string };

// The mark stands there at once: what a browser does before it paints anything is done while scripts are on their way.
const html = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>Culvert</title>
    <link rel="icon" href="data:,">
    <script src="/enter.js" defer></script>
  </head>
  <body>
    <div id="root">
      <svg width="36" height="36" viewBox="0 0 64 64" aria-hidden="true">
        <g fill="#888"><path d="M2 8h60v8H2zM18 41h28a14 14 0 0 1-28 0z"/></g>
        <circle cx="32" cy="40" r="16" fill="none" stroke="#888" stroke-width="6"/>
      </svg>
      <p id="say" hidden></p>
    </div>
  </body>
</html>
`;

// Styles are waited for: those of a script's making do not hold up what is painted. Modules come and are compiled meanwhile.
const script = `const say = (text) => Object.assign(document.getElementById('say'), { textContent: text, hidden: false });

const add = (link) => new Promise((settle) => {
  const element = Object.assign(document.createElement('link'), link);
  element.onload = element.onerror = settle;
  document.head.append(element);
  if (link.rel !== 'stylesheet') settle();
});

const enter = async (token) => {
  history.replaceState(null, '', '/');
  const answer = await fetch('/session', { method: 'POST', body: token });
  if (!answer.ok) return say('This address was used before. Press Enter where culvert ui runs: it prints another.');
  const { key, links, modules } = await answer.json();
  localStorage.setItem('${relayKeyName}', key);
  document.querySelector('link[rel=icon]').remove();
  const preloads = modules.map((href) => ({ rel: 'modulepreload', href, crossOrigin: '' }));
  await Promise.all([...preloads, ...links].map(add));
  document.querySelector('meta[name=color-scheme]').remove();
  for (const module of modules) await import(module);
};

const token = new URLSearchParams(location.hash.slice(1)).get('token');
if (token === null) say('Open the whole address that culvert ui printed; it works once.');
else enter(token);
`;

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Path → file, for everyone. */
export const entryFiles: ReadonlyMap<string, PageFile> = new Map([
  ['/', { type: 'text/html; charset=utf-8', bytes: bytesOf(html) }],
  ['/enter.js', { type: 'text/javascript; charset=utf-8', bytes: bytesOf(script) }],
]);
