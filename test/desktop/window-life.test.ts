/**
 * The window over its life, without a panel on the desktop: what it keeps over a restart, what its menu's keys do, what
 * becomes of copied keys, and that a start at login shows it all the same.
 */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { DesktopKeys } from '#test/support/electron/desktop-keys.ts';
import { TestDesktop, type StartedApp } from '#test/support/electron/test-desktop.ts';
import { until } from '#test/support/until.ts';

const nowhere = '--socket=/nonexistent/control.sock';
const wanted = { x: 60, y: 50, width: 1010, height: 710 };

let desktop: TestDesktop;
let keys: DesktopKeys;
let started: StartedApp;

before(async () => {
  desktop = await TestDesktop.start();
  keys = await DesktopKeys.start(desktop);
  started = await desktop.open(nowhere);
});
after(async () => {
  await keys.stop();
  await desktop.stop();
});

/** A clock of the app's whose minutes wait for the test. */
type SlowClock = { asked: number[]; due: (() => void)[]; setTimeout: typeof setTimeout; mend(): void };

const zoom = (): Promise<number | undefined> =>
  started.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getZoomFactor());
const hash = (): string => new URL(started.page.url()).hash;
const clipboard = (): Promise<string> => started.app.evaluate(({ clipboard: board }) => board.readText());
const copySecret = (text: string): Promise<unknown> =>
  started.page.evaluate(`window.culvert.ask('shell.copy', { text: ${JSON.stringify(text)}, isSecret: true })`);

test('each key of the menu opens its sheet, typed on the keyboard of the desktop', async () => {
  for (const [key, address] of [
    ['ctrl+comma', '#/settings'],
    ['ctrl+n', '#/wizard'],
    ['ctrl+o', '#/import'],
    ['ctrl+2', '#/events'],
    ['ctrl+1', '#/tunnels'],
  ] as const) {
    keys.press(key);
    await until(() => hash().startsWith(address));
  }
});

test('About has the package’s licences in full, and Escape brings back what was there', async () => {
  const { page } = started;
  writeFileSync(
    join(desktop.folder, 'app', 'licenses.txt'),
    `Culvert carries work of others.\n${`${'as long as a package has it '.repeat(2)}\n`.repeat(12_500)}`,
  );
  await page.evaluate("location.hash = '/settings'");
  await page.getByRole('button', { name: 'Licences in full' }).click();
  await page.getByRole('dialog').getByText('Culvert carries work of others.').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByRole('heading', { name: 'About Culvert' }).waitFor();
});

test('the zoom’s keys make the page larger, and as it was drawn', async () => {
  keys.press('ctrl+minus');
  await until(async () => ((await zoom()) ?? 1) < 0.95);
  keys.press('ctrl+0');
  await until(async () => Math.abs(((await zoom()) ?? 0) - 1) < 0.001);
});

test('a copied secret is asked to stay for 60 s, and is off the clipboard then; what was copied since stays', async () => {
  // The minute passes when the test says so; what was asked for is kept.
  await started.app.evaluate(() => {
    const real = setTimeout;
    const clock = globalThis as unknown as SlowClock;
    clock.asked = [];
    clock.due = [];
    clock.setTimeout = ((act: () => void, ms: number) => {
      if (ms < 60_000) return real(act, ms);
      clock.asked.push(ms);
      clock.due.push(act);
      return real(() => {}, 0);
    }) as typeof setTimeout;
    clock.mend = () => (clock.setTimeout = real);
  });
  const pass = (): Promise<void> =>
    started.app.evaluate(() => {
      for (const act of (globalThis as unknown as SlowClock).due.splice(0)) act();
    });
  await copySecret('0x00112233');
  assert.equal(await clipboard(), '0x00112233');
  await pass();
  await until(async () => (await clipboard()) === '');
  await copySecret('0x44556677');
  await started.app.evaluate(({ clipboard: board }) => board.writeText('from another program'));
  await pass();
  // Whatever it would do is done by then: a call goes the same way.
  await started.page.evaluate("window.culvert.ask('shell.describe', {})");
  assert.equal(await clipboard(), 'from another program');
  const asked = await started.app.evaluate(() => {
    const clock = globalThis as unknown as SlowClock;
    clock.mend();
    return clock.asked;
  });
  assert.deepEqual(asked, [60_000, 60_000]);
});

test('place, zoom and theme are as they were, start after start, when the key that closes the window has ended the app', async () => {
  await started.page.evaluate("window.culvert.ask('shell.setSettings', { theme: 'dark' })");
  await started.app.evaluate(({ BrowserWindow }, place) => BrowserWindow.getAllWindows()[0]?.setBounds(place), wanted);
  keys.press('ctrl+plus');
  await until(async () => ((await zoom()) ?? 1) > 1.05);
  const places: unknown[] = [];
  for (let start = 0; start < 3; start++) {
    await closeBy('ctrl+w');
    started = await desktop.open(nowhere);
    await frameIsKnown();
    places.push(rememberedPlace());
  }
  // The first is where the frame's inside was: nobody had told yet how wide the frame is.
  assert.deepEqual(places[2], places[1]);
  const { width, height } = wanted;
  const size = await started.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getSize());
  assert.deepEqual(size, [width, height]);
  assert.equal(await started.app.evaluate(({ nativeTheme }) => nativeTheme.themeSource), 'dark');
  await started.page.locator('html[data-theme="dark"]').waitFor();
  await until(async () => Math.abs(((await zoom()) ?? 0) - 1.1) < 0.001);
});

test('a maximized window is maximized again, and remembers the place that it had before', async () => {
  await started.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.maximize());
  await until(isMaximized);
  await closeBy('ctrl+q');
  started = await desktop.open(nowhere);
  await until(isMaximized);
  await started.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.unmaximize());
  await until(async () => !(await isMaximized()));
});

test('a start at login shows the window where no tray would', async () => {
  await closeBy('ctrl+q');
  started = await desktop.open('--hidden', nowhere);
  await until(isVisible);
});

/** Timers of one process fire in order: the app looks at the frame a second after the window is shown. */
async function frameIsKnown(): Promise<void> {
  await until(isVisible);
  await started.app.evaluate(() => new Promise<void>((resolve) => setTimeout(resolve, 1100)));
}

function rememberedPlace(): unknown {
  const file = join(desktop.configFolder, 'culvert', 'window-state.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { bounds: unknown }).bounds;
}

function isVisible(): Promise<boolean> {
  return started.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible() === true);
}

function isMaximized(): Promise<boolean> {
  return started.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isMaximized() === true);
}

async function closeBy(key: string): Promise<void> {
  const closed = started.app.waitForEvent('close');
  keys.press(key);
  await closed;
}
