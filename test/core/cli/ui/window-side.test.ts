import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openWindowSide } from '#core/cli/ui/window-side.ts';
import { openWindow } from './open-window.ts';

test('a window without a helper is told so, and the program around it answers all the same', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'culvert-side-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const complaints: string[] = [];
  const side = openWindowSide({
    ...{ socketPath: join(folder, 'none.sock'), version: '1.2.3' },
    complain: (text) => complaints.push(text),
  });
  t.after(() => side.close());
  const window = await openWindow(t, side);
  window.send({ id: 1, method: 'shell.describe', params: {} });
  const frames = [await window.next()];
  while (!JSON.stringify(frames.at(-1)).startsWith('{"id":1')) frames.push(await window.next());
  assert.match(JSON.stringify(frames.at(-1)), /"version":"1\.2\.3"/);
  assert.match(JSON.stringify(frames[0]), /"kind":"link"/);
  while (!JSON.stringify(frames).includes('"state":"absent"')) frames.push(await window.next());
  assert.deepEqual(complaints, []);
});
