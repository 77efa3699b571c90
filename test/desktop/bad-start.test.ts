/**
 * The app where it cannot start, or cannot keep anything: no display, root, a home that takes nothing, a full disk. Each is
 * said with a way out, and settings that were there stay as they were.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { findTestRuntime } from '#build/window/test-runtime.ts';
import { appUser, TestDesktop } from '#test/support/electron/test-desktop.ts';

const nowhere = '--socket=/nonexistent/control.sock';
const setDark = "window.culvert.ask('shell.setSettings', { theme: 'dark' })";

let desktop: TestDesktop;

beforeEach(async () => {
  desktop = await TestDesktop.start();
});
afterEach(() => desktop.stop());

test('without a display it ends at once, and names what shows tunnels there', async () => {
  const environment: Record<string, string> = { ...desktop.environment };
  delete environment['DISPLAY'];
  const { status, said } = await runToEnd(join(desktop.folder, 'electron'), desktop.words(nowhere), environment);
  assert.equal(status, 1);
  assert.match(said, /^culvert: there is no display .*"culvert ui".*"culvert status"/m);
});

test('root gets no window: the engine refuses, and without its sandbox we do', async () => {
  const program = findTestRuntime() ?? '';
  const engine = await runToEnd(program, desktop.words(nowhere), desktop.environment);
  assert.notEqual(engine.status, 0);
  assert.match(engine.said, /Running as root/);
  const ours = await runToEnd(program, ['--no-sandbox', ...desktop.words(nowhere)], desktop.environment);
  assert.equal(ours.status, 1);
  assert.match(ours.said, /culvert: the window does not run as root: start it as yourself/);
  assert.deepEqual(readdirSync(desktop.homeFolder), []);
});

test('in a home that cannot be written the window works, and says where its settings would be', async () => {
  chownSync(desktop.homeFolder, 0, 0);
  chmodSync(desktop.homeFolder, 0o555);
  const { app, page } = await desktop.open(nowhere);
  await page.getByText(/\.config\/culvert cannot be written \(EACCES\)/).waitFor();
  const answer = JSON.stringify(await page.evaluate(setDark));
  assert.match(answer, /STATE_UNWRITABLE.*\.config\/culvert\/window\.json/);
  assert.match(JSON.stringify(await page.evaluate("window.culvert.ask('shell.describe', {})")), /"theme":"system"/);
  assert.deepEqual(readdirSync(desktop.homeFolder), []);
  const folder = await app.evaluate(({ app: main }) => main.getPath('userData'));
  assert.equal(folder, join(desktop.sessionFolder, 'culvert-window'));
});

test('on a disk that is full already the window opens, and says so', async () => {
  await onSmallDisk(async (home) => {
    fill(join(home, 'filler'));
    const { page } = await desktop.open(nowhere);
    await page.getByText(/cannot be written \(ENOSPC\)/).waitFor();
  });
});

test('on a full disk nothing that was there is lost: settings stay, and a file that does not fit is not begun', async () => {
  await onSmallDisk(async (home) => {
    const folder = join(home, '.config', 'culvert');
    mkdirSync(folder, { recursive: true });
    const file = join(folder, 'window.json');
    const before = '{"version":1,"units":"bytes"}\n';
    writeFileSync(file, before);
    for (const path of [join(home, '.config'), folder, file]) chownSync(path, appUser, appUser);
    const { app, page } = await desktop.open(nowhere);
    fill(join(home, 'filler'));
    assert.match(JSON.stringify(await page.evaluate(setDark)), /STATE_UNWRITABLE/);
    assert.equal(readFileSync(file, 'utf8'), before);
    const target = join(home, 'export.json');
    await app.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
    }, target);
    const save = `window.culvert.ask('shell.saveFile', { suggestedName: 'x.json', text: 'x'.repeat(100000), isSecret: true })`;
    assert.match(JSON.stringify(await page.evaluate(save)), /FILE_UNWRITABLE.*ENOSPC/);
    assert.equal(existsSync(target), false);
    rmSync(join(home, 'filler'));
    assert.match(JSON.stringify(await page.evaluate(setDark)), /"ok":true/);
    await app.close();
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.endsWith('.new')),
      [],
    );
  });
});

/** The app's home is a small file system of its own meanwhile. */
async function onSmallDisk(act: (home: string) => Promise<void>): Promise<void> {
  const home = desktop.homeFolder;
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=8m,mode=700,uid=${appUser},gid=${appUser}`, 'tmpfs', home]);
  try {
    await act(home);
  } finally {
    execFileSync('umount', ['-l', home]);
  }
}

type Outcome = { readonly status: number | null; readonly said: string };

async function runToEnd(program: string, words: readonly string[], env: NodeJS.ProcessEnv): Promise<Outcome> {
  const child = spawn(program, [...words], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += String(chunk)));
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, said };
}

/** Write until nothing more fits. */
function fill(path: string): void {
  for (const size of [1 << 20, 1 << 12, 1]) {
    try {
      for (;;) writeFileSync(path, Buffer.alloc(size), { flag: 'a' });
    } catch (error) {
      assert.match(String(error), /ENOSPC/);
    }
  }
}
