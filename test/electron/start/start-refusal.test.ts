import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openedSandbox, whyNotHere, whyNotOpen } from '#electron/start/start-refusal.ts';

test('root is told who needs root and who does not', () => {
  const environment = { DISPLAY: ':0' };
  assert.match(whyNotHere({ platform: 'linux', userId: 0, environment }) ?? '', /start it as yourself/);
  assert.match(whyNotHere({ platform: 'darwin', userId: 0, environment: {} }) ?? '', /start it as yourself/);
});

test('without X11 and Wayland there are two ways to look at tunnels all the same; macOS always has a display', () => {
  const ask = (platform: NodeJS.Platform, environment: NodeJS.ProcessEnv): string | null =>
    whyNotHere({ platform, userId: 1000, environment });
  assert.match(ask('linux', { DISPLAY: '' }) ?? '', /"culvert ui".*"culvert status"/);
  assert.equal(ask('linux', { WAYLAND_DISPLAY: 'wayland-0' }), null);
  assert.equal(ask('linux', { DISPLAY: ':0' }), null);
  assert.equal(ask('darwin', {}), null);
});

test('a switch that opens the page’s sandbox is named, with what keeps it where user namespaces are closed', () => {
  const opened = (...switches: readonly string[]) => openedSandbox((name) => switches.includes(name));
  assert.equal(opened('disable-gpu', 'disable-gpu-sandbox'), null);
  assert.equal(opened('no-sandbox'), 'no-sandbox');
  assert.equal(opened('disable-seccomp-filter-sandbox'), 'disable-seccomp-filter-sandbox');
  assert.match(whyNotOpen('no-sandbox'), /--no-sandbox.*install the deb or the rpm.*"culvert ui"/);
});
