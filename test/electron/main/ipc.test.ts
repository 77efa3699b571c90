import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WebContents } from 'electron';
import { handle, isFromPage } from '#electron/main/ipc.ts';
import { FakeContents, FakeElectron } from '#test/support/electron/stand-in.ts';

const page = new FakeContents();
const asWindow = page as unknown as WebContents;
const eventOf = (sender: unknown, senderFrame: unknown): never => ({ sender, senderFrame }) as never;

test('only the main frame of our window, showing our page, is answered', () => {
  assert.equal(isFromPage(eventOf(page, page.mainFrame), asWindow), true);
  const other = new FakeContents();
  assert.equal(isFromPage(eventOf(other, other.mainFrame), asWindow), false);
  assert.equal(isFromPage(eventOf(page, page.mainFrame), null), false);
  assert.equal(isFromPage(eventOf(page, null), asWindow), false);
  assert.equal(isFromPage(eventOf(page, { url: 'app://bundle/x', parent: page.mainFrame }), asWindow), false);
  assert.equal(isFromPage(eventOf(page, { url: 'https://example.com/', parent: null }), asWindow), false);
  assert.equal(isFromPage(eventOf(page, { url: 'app://bundle.example/', parent: null }), asWindow), false);
});

function handleFor(answer: (method: string) => Promise<never>) {
  const electron = new FakeElectron();
  const refused: string[] = [];
  handle({
    ipcMain: electron.ipcMain as never,
    window: () => asWindow,
    answer,
    greetings: () => [{ kind: 'navigate', to: 'wizard', target: null }],
    onRefusal: (what) => refused.push(what),
  });
  const ask = (method: unknown, sender = page): Promise<unknown> =>
    Promise.resolve(electron.handlers.get('ask')?.(eventOf(sender, sender.mainFrame), method, {}));
  return { electron, refused, ask };
}

test('a call from elsewhere, or without a method, is refused before anything looks at it', async () => {
  let asked = 0;
  const { ask, refused } = handleFor(() => {
    asked += 1;
    return Promise.resolve({ ok: true, value: 1 } as never);
  });
  for (const [method, sender] of [
    ['status.get', new FakeContents()],
    [42, page],
    [{ toString: () => 'x' }, page],
  ] as const)
    assert.match(JSON.stringify(await ask(method, sender)), /"API_DENIED"/);
  assert.equal(asked, 0);
  assert.equal(refused.length, 3);
  assert.deepEqual(await ask('status.get'), { ok: true, value: 1 });
});

test('a page that asks without waiting is held to 64 calls at once', async () => {
  const { promise, resolve } = Promise.withResolvers<never>();
  const { ask } = handleFor(() => promise);
  const waiting = Array.from({ length: 64 }, () => ask('status.get'));
  assert.match(JSON.stringify(await ask('status.get')), /too many/);
  resolve({ ok: true, value: 1 } as never);
  await Promise.all(waiting);
  assert.deepEqual(await ask('status.get'), { ok: true, value: 1 });
});

test('a page that begins to listen hears how things stand; another page hears nothing', () => {
  const { electron } = handleFor(() => Promise.reject(new Error('not asked')));
  page.sent.length = 0;
  electron.handlers.get('listen')?.(eventOf(page, page.mainFrame));
  assert.deepEqual(page.sent, [['push', { kind: 'navigate', to: 'wizard', target: null }]]);
  const other = new FakeContents();
  electron.handlers.get('listen')?.(eventOf(other, other.mainFrame));
  assert.deepEqual(other.sent, []);
});
