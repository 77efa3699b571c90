import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import { confineContents, confineSession, securePreferences } from '#electron/main/security.ts';
import { FakeContents, FakeElectron } from '#test/support/electron/stand-in.ts';

test('the page runs sandboxed, isolated and without Node.js', () => {
  assert.deepEqual(securePreferences('/app/preload.cjs'), {
    preload: '/app/preload.cjs',
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webviewTag: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    navigateOnDragDrop: false,
    disableDialogs: true,
    spellcheck: false,
    devTools: false,
  });
});

test('every content that is ever created stays where it is, opens nothing and embeds nothing', () => {
  const app = new EventEmitter();
  const refused: string[] = [];
  confineContents(app as never, (what) => refused.push(what));
  const contents = new FakeContents();
  app.emit('web-contents-created', {}, contents);
  for (const name of ['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview']) {
    let isPrevented = false;
    contents.emit(name, { preventDefault: () => (isPrevented = true) });
    assert.equal(isPrevented, true, name);
  }
  assert.deepEqual(contents.openHandler?.(), { action: 'deny' });
  assert.equal(refused.length, 5);
});

test('a session gives no permission and no device, and reaches only our page', () => {
  const electron = new FakeElectron();
  const refused: string[] = [];
  confineSession(electron.session.defaultSession as never, (what) => refused.push(what));
  const { request, check, device, web } = electron.permissions as Record<string, (...values: unknown[]) => unknown>;
  const given: unknown[] = [];
  request?.({}, 'media', (is: unknown) => given.push(is));
  assert.deepEqual(given, [false]);
  assert.equal(check?.(), false);
  assert.equal(device?.(), false);
  const cancelled = (url: string): unknown => {
    let told: unknown;
    web?.({ url }, (answer: unknown) => (told = answer));
    return told;
  };
  assert.deepEqual(cancelled('app://bundle/assets/app.js'), { cancel: false });
  for (const url of ['https://example.com/key=1', 'file:///etc/passwd', 'ws://127.0.0.1/', 'app://bundle.example/'])
    assert.deepEqual(cancelled(url), { cancel: true });
  assert.ok(!refused.join().includes('key=1'), 'what was asked for is not in the log');
});
