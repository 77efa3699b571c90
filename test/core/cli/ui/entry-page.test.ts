import assert from 'node:assert/strict';
import { test } from 'node:test';
import { entryFiles } from '#core/cli/ui/entry-page.ts';

const textOf = (path: string): string => new TextDecoder().decode(entryFiles.get(path)?.bytes);

test('the entry is a page and the one script that it names, with nothing inline for the policy to refuse', () => {
  assert.deepEqual([...entryFiles.keys()], ['/', '/enter.js']);
  assert.match(textOf('/'), /<script src="\/enter\.js" defer><\/script>/);
  assert.doesNotMatch(textOf('/'), /<script>|<style|style=|onclick/);
});

test('the script takes the token off the address before it sends it anywhere', () => {
  const script = textOf('/enter.js');
  assert.ok(script.indexOf('history.replaceState') >= 0);
  assert.ok(script.indexOf('history.replaceState') < script.indexOf("fetch('/session'"));
});

test('the entry has the element that the window is drawn into, and what it may have to say is not shown before it has to', () => {
  assert.match(textOf('/'), /<div id="root">[\s\S]*<p id="say" hidden><\/p>\s*<\/div>/);
});
