import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serveWindows } from '#core/cli/ui/window-sockets.ts';
import { openWindow } from './open-window.ts';

const link = { state: 'absent', message: 'no helper', hint: '', command: null } as const;

test('a window is greeted, gets its answers, and its watch ends with it', async (t) => {
  const ended = Promise.withResolvers<void>();
  const windows = serveWindows({
    answer: async (method, params) => ({ ok: true, value: { method, params } }),
    openWatch: () => ({ start: () => assert.fail('nobody watches'), stop: () => ended.resolve() }),
    greeting: () => ({ kind: 'link', link }),
  });
  const window = await openWindow(t, windows);
  assert.deepEqual(await window.next(), { push: { kind: 'link', link } });
  window.send({ id: 7, method: 'status.get', params: { a: 1 } });
  assert.deepEqual(await window.next(), {
    id: 7,
    answer: { ok: true, value: { method: 'status.get', params: { a: 1 } } },
  });
  windows.push({ kind: 'link', link });
  assert.deepEqual(await window.next(), { push: { kind: 'link', link } });
  windows.close();
  await ended.promise;
});
