import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { firstState, type WindowState } from '#electron/main/window-state.ts';
import { MainWindow, windowOptions } from '#electron/main/window.ts';
import { FakeWindow } from '#test/support/electron/stand-in.ts';

function openWindow(staysInTray: boolean, state: WindowState = firstState) {
  const windows: FakeWindow[] = [];
  const saved: WindowState[] = [];
  const window = new MainWindow(
    {
      makeWindow: (options) => {
        const made = new FakeWindow(options);
        windows.push(made);
        return made as never;
      },
      preload: '/app/preload.cjs',
      icon: '/app/icon.png',
      isDark: () => true,
      placeOnDisplay: (bounds) => bounds,
      saveState: (now) => saved.push(now),
      staysInTray: () => staysInTray,
    },
    state,
  );
  return { window, windows, saved };
}

test('a window is shown when it is painted, in the colour of its paper', () => {
  const parts = { preload: '/app/preload.cjs', icon: '/i.png', isDark: () => false };
  const options = windowOptions(parts, { x: 1, y: 2, width: 900, height: 600 });
  assert.equal(options.show, false);
  assert.equal(options.x, 1);
  const [light, dark] = [...readFileSync('renderer/styles/tokens.css', 'utf8').matchAll(/--paper: (#\w+)/g)];
  assert.equal(options.backgroundColor, light?.[1]);
  assert.equal(windowOptions({ ...parts, isDark: () => true }, null).backgroundColor, dark?.[1]);
  const { window, windows } = openWindow(true);
  window.open();
  assert.deepEqual(windows[0]?.calls, ['load app://bundle/index.html']);
  windows[0]?.emit('ready-to-show');
  assert.deepEqual(windows[0]?.calls.slice(1), ['show']);
});

test('closing hides to the tray where there is one, and remembers where the window was', () => {
  const { window, windows, saved } = openWindow(true);
  window.open();
  window.close();
  assert.ok(windows[0]?.calls.includes('hide'));
  assert.deepEqual(saved.at(-1)?.bounds, { x: 10, y: 20, width: 900, height: 700 });
  window.open();
  assert.equal(windows.length, 1, 'the hidden window comes back');
});

test('a window stays where it was put, whatever its frame makes of the place, also when it is closed at once', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const bounds = { x: 9, y: 0, width: 900, height: 700 };
  const { window, windows, saved } = openWindow(true, { ...firstState, bounds });
  window.open();
  windows[0]?.emit('ready-to-show');
  window.close();
  assert.deepEqual(saved.at(-1)?.bounds, bounds);
  t.mock.timers.tick(1000);
  window.close();
  assert.deepEqual(saved.at(-1)?.bounds, bounds);
  if (windows[0] !== undefined) windows[0].bounds = { x: 110, y: 120, width: 900, height: 700 };
  window.close();
  assert.deepEqual(saved.at(-1)?.bounds, { x: 109, y: 100, width: 900, height: 700 });
});

test('without a tray, or when the app quits, closing is for good, and the next window is a new one', () => {
  const { window, windows } = openWindow(false);
  window.open();
  window.close();
  assert.equal(window.current(), null);
  window.open();
  assert.equal(windows.length, 2);
  const quitting = openWindow(true);
  quitting.window.open();
  quitting.window.letGo();
  quitting.window.close();
  assert.equal(quitting.window.current(), null);
});

test('a page that is not listening yet is told where to go when it is', () => {
  const { window, windows } = openWindow(true);
  const push = { kind: 'navigate', to: 'wizard', target: null } as const;
  window.navigate(push);
  assert.deepEqual(window.takePending(), push);
  assert.equal(window.takePending(), null);
  window.navigate(push);
  assert.deepEqual(windows[0]?.webContents.sent, [['push', push]]);
});

test('zoom has its bounds and is kept', () => {
  const { window, windows, saved } = openWindow(true, { ...firstState, zoom: 2.9 });
  window.open();
  window.zoom('in');
  assert.equal(windows[0]?.webContents.zoom, 3);
  window.zoom('reset');
  assert.equal(saved.at(-1)?.zoom, 1);
});

test('a page that dies is loaded again three times, and no more', () => {
  const { window, windows } = openWindow(true);
  window.open();
  for (let death = 0; death < 5; death += 1) windows[0]?.webContents.emit('render-process-gone');
  assert.equal(windows[0]?.webContents.reloads, 3);
});
