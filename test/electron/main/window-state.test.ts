import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  firstState,
  frameShift,
  loadWindowState,
  placeOnDisplay,
  saveWindowState,
} from '#electron/main/window-state.ts';

const display = { x: 0, y: 0, width: 1920, height: 1080 };
const bounds = { x: 100, y: 50, width: 1000, height: 700 };

test('a state that was saved is what is loaded, and only its owner may read it', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'culvert-window-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'new', 'window-state.json');
  assert.deepEqual(loadWindowState(path), firstState);
  saveWindowState(path, { bounds, isMaximized: true, zoom: 1.25 });
  assert.deepEqual(loadWindowState(path), { bounds, isMaximized: true, zoom: 1.25 });
  assert.equal(statSync(path).mode & 0o777, 0o600);
});

test('what is broken in the file costs the position alone', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'culvert-window-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'window-state.json');
  for (const text of [
    '',
    '[]',
    'null',
    '{"bounds":{"x":"1"},"zoom":99}',
    '{"bounds":{"x":1,"y":1,"width":-1,"height":1}}',
  ]) {
    writeFileSync(path, text);
    assert.deepEqual(loadWindowState(path), firstState, text);
  }
  writeFileSync(path, '{"bounds":{"x":1e9,"y":0,"width":10,"height":10},"zoom":2}');
  assert.deepEqual(loadWindowState(path), { ...firstState, zoom: 2 });
});

test('a folder that cannot be made costs nothing but the position', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'culvert-window-'));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'file'), '');
  const path = join(folder, 'file', 'window-state.json');
  saveWindowState(path, { bounds, isMaximized: true, zoom: 2 });
  assert.deepEqual(loadWindowState(path), firstState);
});

test('a window opens where a hand can catch it, or in the middle', () => {
  assert.deepEqual(placeOnDisplay(bounds, [display]), bounds);
  assert.equal(placeOnDisplay(null, [display]), null);
  for (const lost of [{ x: 1900 }, { x: -990 }, { y: 1070 }, { y: -20 }, { x: 5000, y: 5000 }])
    assert.equal(placeOnDisplay({ ...bounds, ...lost }, [display]), null, JSON.stringify(lost));
  assert.deepEqual(placeOnDisplay({ ...bounds, x: 2000 }, [display, { ...display, x: 1920 }]), { ...bounds, x: 2000 });
  assert.equal(placeOnDisplay({ ...bounds, width: 200 }, [display])?.width, 800);
});

test('a frame is what the window tells beyond where it was put; a window that the person has moved has none', () => {
  assert.deepEqual(frameShift(bounds, { ...bounds, x: 101, y: 70 }), { x: 1, y: 20 });
  assert.deepEqual(frameShift(bounds, bounds), { x: 0, y: 0 });
  for (const moved of [
    { ...bounds, x: 300, y: 70 },
    { ...bounds, x: 90 },
  ])
    assert.deepEqual(frameShift(bounds, moved), { x: 0, y: 0 });
});
