/**
 * The page for a browser that has no session yet: it takes the token off the address and exchanges it. It is the same
 * for everyone and says nothing of this machine.
 * @module
 */
import { relayKeyName } from '#core/api/relay-name.ts';
import type { PageFile } from '#core/client/page-files.ts';

const html = `<!doctype html>
<html lang="en">
  <meta charset="utf-8">
  <link rel="icon" href="data:,">
  <title>Culvert</title>
  <p id="say">Open the whole address that culvert ui printed; it works once.</p>
  <script src="/enter.js"></script>
</html>
`;

const script = `const token = new URLSearchParams(location.hash.slice(1)).get('token');
if (token !== null) {
  history.replaceState(null, '', '/');
  fetch('/session', { method: 'POST', body: token }).then(async (answer) => {
    if (answer.ok) {
      localStorage.setItem('${relayKeyName}', await answer.text());
      location.reload();
    } else document.getElementById('say').textContent = 'This address was used before. Press Enter where culvert ui runs: it prints another.';
  });
}
`;

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Path → file, for everyone. */
export const entryFiles: ReadonlyMap<string, PageFile> = new Map([
  ['/', { type: 'text/html; charset=utf-8', bytes: bytesOf(html) }],
  ['/enter.js', { type: 'text/javascript; charset=utf-8', bytes: bytesOf(script) }],
]);
