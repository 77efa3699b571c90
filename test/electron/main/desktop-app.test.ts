/**
 * The whole of main over a stand-in for Electron and a helper on a real socket.
 */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { DesktopApp } from '#electron/main/desktop-app.ts';
import { exampleStatus, startFakeHelper, type Script } from '#test/core/cli/fake-helper.ts';
import { FakeElectron } from '#test/support/electron/stand-in.ts';
import { until } from '#test/support/until.ts';

const script: Script = {
  'session.get': () => ({ contractVersion: 1, helperVersion: '0.1.0', canOperate: true }),
  'status.get': () => exampleStatus,
  'profile.list': () => ({ profiles: [], setAside: [] }),
};

function startApp(t: TestContext, socketPath: string, isHidden = false) {
  const folder = mkdtempSync(join(tmpdir(), 'culvert-app-'));
  mkdirSync(join(folder, 'renderer'));
  writeFileSync(join(folder, 'renderer', 'index.html'), 'the page');
  const complaints: string[] = [];
  const electron = new FakeElectron();
  // No bus: the desktop has no tray, whatever the machine of the test has.
  const bus = process.env['DBUS_SESSION_BUS_ADDRESS'];
  delete process.env['DBUS_SESSION_BUS_ADDRESS'];
  const app = new DesktopApp(electron.asModule(), {
    appFolder: folder,
    settingsFile: join(folder, 'config', 'window.json'),
    homeFolder: folder,
    launch: { socketPath, isHidden },
    startCommand: 'sudo culvertd',
    licensesFile: join(folder, 'licenses.txt'),
    problem: null,
    isTestRuntime: true,
    complain: (text) => complaints.push(text),
  });
  app.start();
  if (bus !== undefined) process.env['DBUS_SESSION_BUS_ADDRESS'] = bus;
  t.after(async () => {
    electron.app.quit();
    await until(() => electron.quits > 0);
    rmSync(folder, { recursive: true });
  });
  return { electron, complaints, folder };
}

test('the page is served, its calls go to the helper, and it hears the link', async (t) => {
  const helper = await startFakeHelper(t, script);
  const { electron } = startApp(t, helper.path);
  const window = electron.windows[0];
  await until(() => JSON.stringify(window?.webContents.sent).includes('"connected"'));
  const response = electron.protocols.get('app')?.({ method: 'GET', url: 'app://bundle/' });
  assert.equal(await response?.text(), 'the page');
  const answer = (await electron.ask('status.get', {})) as { ok: boolean; value: { pid: number } };
  assert.equal(answer.value.pid, 4711);
});

test('the shell says that there is no tray and which runtime this is, and keeps settings', async (t) => {
  const { electron } = startApp(t, '/nonexistent/control.sock');
  const describe = async (): Promise<unknown> =>
    ((await electron.ask('shell.describe', {})) as { value: unknown }).value;
  assert.match(
    JSON.stringify(await describe()),
    /"kind":"desktop","version":"1\.2\.3".*"hasTray":false,"isTestRuntime":true/,
  );
  await electron.ask('shell.setSettings', { theme: 'dark-contrast' });
  assert.equal(electron.nativeTheme.themeSource, 'dark');
  assert.match(JSON.stringify(await describe()), /dark-contrast/);
});

test('the package’s licences are read for About, and a checkout has none', async (t) => {
  const { electron, folder } = startApp(t, '/nonexistent/control.sock');
  assert.deepEqual(await electron.ask('shell.licenses', {}), { ok: true, value: { text: null } });
  writeFileSync(join(folder, 'licenses.txt'), 'React 19: MIT');
  assert.deepEqual(await electron.ask('shell.licenses', {}), { ok: true, value: { text: 'React 19: MIT' } });
});

test('a helper that is not there is told with the command that starts it; calls to it are refused, not lost', async (t) => {
  const { electron } = startApp(t, '/nonexistent/control.sock');
  await until(() => JSON.stringify(electron.windows[0]?.webContents.sent).includes('sudo culvertd'));
  assert.match(JSON.stringify(await electron.ask('status.get', {})), /"HELPER_UNREACHABLE"/);
});

test('a start at login without a tray opens the window: nothing may stay hidden', (t) => {
  const { electron } = startApp(t, '/nonexistent/control.sock', true);
  assert.equal(electron.windows.length, 1);
});

test('a window closed where there is no tray ends the app, and tunnels stay up', async (t) => {
  const helper = await startFakeHelper(t, script);
  const { electron } = startApp(t, helper.path);
  electron.windows[0]?.close();
  electron.app.emit('window-all-closed');
  await until(() => electron.quits === 1);
  assert.ok(!helper.calls.some(([method]) => method === 'interface.setFlags'));
});

test('quitting takes tunnels down where the settings say so', async (t) => {
  const helper = await startFakeHelper(t, script);
  const { electron } = startApp(t, helper.path);
  await until(() => JSON.stringify(electron.windows[0]?.webContents.sent).includes('"connected"'));
  await electron.ask('shell.setSettings', { onQuit: 'take-down' });
  electron.app.quit();
  await until(() => electron.quits === 1);
  assert.deepEqual(
    helper.calls.filter(([method]) => method === 'interface.setFlags').map(([, params]) => params),
    [{ name: 'ipsec0', isUp: false }],
  );
});
