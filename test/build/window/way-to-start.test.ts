import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseWayToStart, type Machine } from '#build/window/way-to-start.ts';

const machine: Machine = {
  platform: 'linux',
  isRoot: false,
  hasDisplay: true,
  electron: '/dist/electron',
  missingForTestRuntime: null,
};

test('the desktop app is opened in Electron’s own runtime where it is', () => {
  assert.deepEqual(chooseWayToStart(machine), { way: 'electron', because: 'the desktop app, in /dist/electron' });
});

test('without it the test runtime is taken, and says that it is not for use', () => {
  const { way, because } = chooseWayToStart({ ...machine, electron: null });
  assert.equal(way, 'test-runtime');
  assert.match(because, /test runtime, not for use/);
});

test('no display, root and a lacking tool each lead to the browser, with the reason', () => {
  const cases = [
    [{ hasDisplay: false }, /no display/],
    [{ isRoot: true }, /no sandbox for root/],
    [{ electron: null, missingForTestRuntime: 'pip3' }, /lacks pip3/],
  ] as const;
  for (const [changes, reason] of cases) {
    const { way, because } = chooseWayToStart({ ...machine, ...changes });
    assert.equal(way, 'browser');
    assert.match(because, reason);
  }
});
