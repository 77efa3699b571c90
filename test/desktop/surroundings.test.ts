/**
 * The desktop app where something is missing or broken: each is said, and nothing of the person's is lost.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { appUser, TestDesktop, type StartedApp } from '#test/support/electron/test-desktop.ts';
import { until } from '#test/support/until.ts';

let desktop: TestDesktop;
let servers: Server[] = [];

beforeEach(async () => {
  desktop = await TestDesktop.start();
});
afterEach(async () => {
  await desktop.stop();
  for (const server of servers) server.close();
  servers = [];
});

const nowhere = '--socket=/nonexistent/control.sock';

/** A helper that does `serve` with each connection; gives the word that names its socket. */
async function fakeHelper(serve: (socket: Socket) => void): Promise<string> {
  const path = join(desktop.folder, 'helper.sock');
  const server = createServer((socket) => serve(socket.on('error', () => {}).unref()));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(path, resolve));
  chmodSync(path, 0o777);
  return `--socket=${path}`;
}

/** A file of settings, the app's own. */
function writeSettings(text: string): string {
  const folder = join(desktop.configFolder, 'culvert');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'window.json');
  writeFileSync(file, text);
  for (const path of [desktop.configFolder, folder, file]) chownSync(path, appUser, appUser);
  return file;
}

const seen = (started: StartedApp, text: RegExp): Promise<void> => started.page.getByText(text).first().waitFor();

test('a newer version’s settings are set aside and told; no tray is told once, and closing then ends the app', async () => {
  const text = '{"version":9,"theme":"sepia"}';
  const file = writeSettings(text);
  const started = await desktop.open(nowhere);
  await seen(started, /from another version/);
  assert.equal(readFileSync(`${file}.broken`, 'utf8'), text);
  await seen(started, /no icons in a tray/);
  await started.page.reload();
  await seen(started, /from another version/);
  assert.equal(await started.page.getByText(/no icons in a tray/).count(), 0);
  const closed = started.app.waitForEvent('close');
  await started.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close()).catch(() => {});
  await closed;
});

// The driver waits for ever here; the engine itself is asked for its pages.
test('without a session bus the window opens all the same', async () => {
  rmSync(join(desktop.folder, 'bus'));
  const words = [...desktop.words(nowhere), '--remote-debugging-port=0'];
  const child = spawn(join(desktop.folder, 'electron'), words, {
    env: desktop.environment,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  try {
    let log = '';
    child.stderr.on('data', (chunk: Buffer) => (log += String(chunk)));
    await until(async () => {
      const port = /DevTools listening on ws:\/\/127\.0\.0\.1:(\d+)/.exec(log)?.[1];
      if (port === undefined) return false;
      return (await (await fetch(`http://127.0.0.1:${port}/json`)).text()).includes('app://bundle/index.html');
    });
  } finally {
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await exited;
  }
});

test('settings that cannot be written are refused with their place, and the window goes on', async () => {
  const started = await desktop.open(nowhere);
  const folder = join(desktop.configFolder, 'culvert');
  chownSync(folder, 0, 0);
  chmodSync(folder, 0o555);
  const set = "window.culvert.ask('shell.setSettings', { theme: 'dark' })";
  const answer = JSON.stringify(await started.page.evaluate(set));
  assert.match(answer, /STATE_UNWRITABLE.*window\.json/);
  assert.equal(existsSync(join(folder, 'window.json')), false);
  chownSync(folder, appUser, appUser);
  chmodSync(folder, 0o700);
});

test('a helper that answers nonsense is said to be none, and the app goes on asking', async () => {
  let asked = 0;
  const socket = await fakeHelper((client) => {
    asked += 1;
    client.write('SSH-2.0-nonsense\r\n\r\n{"');
  });
  const started = await desktop.open(socket);
  await seen(started, /does not answer, so nothing/);
  await until(() => asked > 1);
});

test('a helper that never answers is said to hang', async () => {
  const started = await desktop.open(await fakeHelper(() => {}));
  await seen(started, /has said nothing for 10 s/);
});

test('a helper of another version is explained by both versions', async () => {
  const socket = await fakeHelper((client) => {
    client.on('data', (chunk: Buffer) => {
      const id = /"id":(\d+)/.exec(String(chunk))?.[1] ?? '0';
      const value = { contractVersion: 99, helperVersion: '9.9.9', canOperate: true };
      const body = `{"jsonrpc":"2.0","id":${id},"result":${JSON.stringify({ ok: true, value })}}`;
      client.write(`Content-Length: ${body.length}\r\n\r\n${body}`);
    });
  });
  const started = await desktop.open(socket);
  await seen(started, /The helper is of another version/);
  await seen(started, /helper 9\.9\.9 speaks version 99/);
});
