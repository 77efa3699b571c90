/**
 * The window's page turned hostile, in a real Electron with its sandbox on: everything that an attacker with a script in
 * the page would try is refused, and said so in the log without what it held.
 */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { TestDesktop, type StartedApp } from '#test/support/electron/test-desktop.ts';

let desktop: TestDesktop;
let started: StartedApp;

before(async () => {
  desktop = await TestDesktop.start();
  started = await desktop.open('--socket=/nonexistent/control.sock');
});
after(() => desktop.stop());

/** Run a script in the page, as one that got into it. */
const attack = <T>(script: string): Promise<T> => started.page.evaluate<T>(script);

test('the page does not leave: no address, no form, no frame, no redirect', async () => {
  for (const address of ['https://example.com/', 'file:///etc/passwd', 'app://other/index.html', 'data:text/html,x']) {
    await attack(`void (location.href = ${JSON.stringify(address)})`);
    await started.page.waitForTimeout(50);
    assert.ok(started.page.url().startsWith('app://bundle/index.html'), address);
  }
  assert.match(started.log(), /culvert: refused: navigation\n/);
  assert.ok(!started.log().includes('example.com'), 'the log has nothing of what the page said');
});

test('no second window opens', async () => {
  const opened = await attack<boolean>("window.open('https://example.com/') !== null");
  assert.equal(opened, false);
  assert.equal(started.app.windows().length, 1);
});

test('a webview and a frame stay empty', async () => {
  await attack(`
    const view = document.createElement('webview');
    view.setAttribute('src', 'https://example.com/');
    const frame = document.createElement('iframe');
    frame.src = 'https://example.com/';
    document.body.append(view, frame);`);
  await started.page.waitForTimeout(100);
  const contents = await started.app.evaluate(({ webContents }) => webContents.getAllWebContents().length);
  assert.equal(contents, 1);
  assert.equal(started.page.frames().filter((frame) => frame.url().startsWith('https:')).length, 0);
});

test('no request leaves the machine', async () => {
  for (const address of ['https://example.com/', 'http://127.0.0.1:1/', 'file:///etc/passwd', 'app://other/x']) {
    const outcome = await attack<string>(`fetch(${JSON.stringify(address)}).then(() => 'came', () => 'refused')`);
    assert.equal(outcome, 'refused', address);
  }
  const socket = await attack<string>(`new Promise((resolve) => {
    try { const s = new WebSocket('ws://127.0.0.1:1/'); s.onopen = () => resolve('open'); s.onerror = () => resolve('refused'); }
    catch { resolve('refused'); }
  })`);
  assert.equal(socket, 'refused');
});

test('no script runs that is not a file of ours', async () => {
  await attack(`
    const inline = document.createElement('script');
    try { inline.textContent = 'window.wasInjected = true'; document.head.append(inline); } catch {}`);
  assert.equal(await attack('window.wasInjected === true'), false);
  const page = await started.page.content();
  assert.ok(page.includes('<script'), 'the page has its own script');
  assert.equal(
    await attack(
      '(() => { try { document.body.innerHTML = "<b>x</b>"; return "set"; } catch { return "refused"; } })()',
    ),
    'refused',
  );
  // A script of the page's own world, where the policy holds: a debugger's evaluate is above it.
  const evaluated = await attack<string>(`new Promise((resolve) => {
    const link = document.createElement('a');
    try { link.setAttribute('onclick', 'window.wasClicked = true'); } catch { return resolve('refused'); }
    document.body.append(link);
    link.click();
    resolve(window.wasClicked === true ? 'ran' : 'refused');
  })`);
  assert.equal(evaluated, 'refused');
});

test('the page is served with its policy, and only out of the fixed table', async () => {
  const hostile = [
    '/../package.json',
    '/..%2f..%2fetc%2fpasswd',
    '/%2e%2e/main.cjs',
    '//etc/passwd',
    '/main.cjs',
    '/%00',
  ];
  // The page itself may not even ask (connect-src 'none'): the protocol is asked from main.
  const answers = await started.app.evaluate(async ({ BrowserWindow }, paths) => {
    const window = new BrowserWindow({ show: false });
    const shown: string[] = [];
    for (const path of ['/index.html', ...paths]) {
      const isLoaded = await window.loadURL(`app://bundle${path}`).then(
        () => true,
        () => false,
      );
      const script = 'document.body.innerText';
      shown.push(isLoaded ? String(await window.webContents.executeJavaScript(script)).trim() : 'refused');
    }
    window.destroy();
    return shown;
  }, hostile);
  assert.match(answers[0] ?? '', /Tunnels/, 'the page itself comes');
  for (const answer of answers.slice(1)) assert.match(answer, /^(There is no such file\.|Not our page\.|refused)$/);
});

test('every permission is refused', async () => {
  const outcome = await attack<Record<string, string>>(`(async () => {
    const told = {};
    const ask = async (name, action) => { try { await action(); told[name] = 'given'; } catch { told[name] = 'refused'; } };
    await ask('camera', () => navigator.mediaDevices.getUserMedia({ video: true }));
    await ask('clipboard', () => navigator.clipboard.readText());
    await ask('position', () => new Promise((yes, no) => navigator.geolocation.getCurrentPosition(yes, no)));
    await ask('midi', () => navigator.requestMIDIAccess({ sysex: true }));
    await ask('usb', () => navigator.usb.requestDevice({ filters: [] }));
    told.notification = await Notification.requestPermission() === 'granted' ? 'given' : 'refused';
    return told;
  })()`);
  assert.deepEqual(
    Object.entries(outcome).filter(([, value]) => value !== 'refused'),
    [],
  );
});

test('the page has no Node.js, no Electron, and two functions of ours that it cannot change', async () => {
  const found = await attack<Record<string, unknown>>(`({
    require: typeof require,
    process: typeof process,
    module: typeof module,
    ipc: typeof window.ipcRenderer,
    ours: Object.keys(window.culvert).sort().join(),
    isSettable: (() => { try { window.culvert = {}; window.culvert.ask = 1; } catch {} return typeof window.culvert.ask !== 'function'; })(),
  })`);
  assert.deepEqual(found, {
    require: 'undefined',
    process: 'undefined',
    module: 'undefined',
    ipc: 'undefined',
    ours: 'ask,listen',
    isSettable: false,
  });
});

test('hostile calls are refused one by one, and the app goes on', async () => {
  const codes = await attack<Record<string, string>>(`(async () => {
    const told = {};
    const ask = async (name, method, params) => {
      try { const a = await window.culvert.ask(method, params); told[name] = a.ok ? 'done' : a.error.code; } catch { told[name] = 'thrown'; }
    };
    await ask('prototype', '__proto__', {});
    await ask('constructor', 'constructor', {});
    await ask('number', 42, {});
    await ask('object', { toString: () => 'shell.describe' }, {});
    await ask('unknown', 'shell.run', { command: 'id' });
    await ask('function', 'shell.copy', { text: () => 1, isSecret: false });
    await ask('long', 'shell.copy', { text: 'x'.repeat(100 * 1024 * 1024), isSecret: false });
    await ask('path', 'shell.saveFile', { suggestedName: '../../etc/passwd', text: 'x', isSecret: false });
    await ask('address', 'shell.openLink', { link: 'https://example.com/' });
    await ask('proto keys', 'shell.setSettings', JSON.parse('{"__proto__":{"theme":"dark"},"theme":5}'));
    await ask('keys', 'setkey.dump', { what: 'associations', withKeys: true });
    return told;
  })()`);
  assert.deepEqual(codes, {
    prototype: 'API_UNKNOWN_METHOD',
    constructor: 'API_UNKNOWN_METHOD',
    number: 'API_DENIED',
    object: 'thrown',
    unknown: 'API_UNKNOWN_METHOD',
    function: 'thrown',
    long: 'API_BAD_PARAMS',
    path: 'API_BAD_PARAMS',
    address: 'API_BAD_PARAMS',
    'proto keys': 'API_BAD_PARAMS',
    keys: 'HELPER_UNREACHABLE',
  });
  assert.equal(await attack("window.culvert.ask('shell.describe', {}).then(({ ok }) => ok)"), true);
});

test('a foreign frame gets no answer', async () => {
  const answered = await started.app.evaluate(async ({ BrowserWindow }, preload) => {
    const window = new BrowserWindow({
      show: false,
      webPreferences: { preload, sandbox: true, contextIsolation: true },
    });
    await window.loadURL('app://bundle/index.html');
    const answer: unknown = await window.webContents.executeJavaScript("window.culvert.ask('shell.describe', {})");
    window.destroy();
    return answer;
  }, `${desktop.folder}/app/preload.cjs`);
  assert.match(JSON.stringify(answered), /API_DENIED/);
  assert.match(started.log(), /refused: a call from elsewhere/);
});

test('the page runs behind seccomp, without new privileges, in namespaces of its own', async () => {
  const pid = await started.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId(),
  );
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  assert.match(status, /^Seccomp:\t2$/m);
  assert.match(status, /^NoNewPrivs:\t1$/m);
  assert.doesNotMatch(status, /^Uid:\t0\t/m);
  assert.ok(readdirSync(`/proc/${pid}/task`).length > 0);
});
