/**
 * Parts of main that are a few lines each.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linkNames } from '#core/api/shell-contract.ts';
import { readLaunchOptions } from '#electron/start/launch-options.ts';
import { linkAddress } from '#electron/main/links.ts';
import { isForOtherRuntime } from '#electron/start/runtime.ts';
import { planHelperStart, runHelperStart } from '#electron/service/helper-start.ts';
import { trayIconName, trayInk } from '#electron/tray/tray-icon.ts';

test('the socket is the last that was named, else the environment’s, else the package’s', () => {
  const of = (words: readonly string[], environment = {}): string => readLaunchOptions(words, environment).socketPath;
  assert.equal(of(['--socket=/a', '--socket=/b'], { CULVERT_SOCKET: '/c' }), '/b');
  assert.equal(of(['--no-sandbox-please'], { CULVERT_SOCKET: '/c' }), '/c');
  assert.equal(of(['--socket=']), '/run/culvert/control.sock');
  assert.equal(readLaunchOptions(['x', '--hidden'], {}).isHidden, true);
});

test('links are HTTPS addresses of a fixed list', () => {
  for (const link of linkNames) assert.equal(new URL(linkAddress(link)).protocol, 'https:');
});

test('another major version than the build was made for is another runtime', () => {
  assert.equal(isForOtherRuntime('45.9.1', '45.5.0'), false);
  assert.equal(isForOtherRuntime('22.3.25', '45.5.0'), true);
  assert.equal(isForOtherRuntime(undefined, '45.5.0'), true);
});

test('the helper is started by polkit where the package laid its starter, by systemd where it laid a unit', () => {
  const plan = (...paths: readonly string[]) => planHelperStart('linux', (path) => paths.includes(path));
  assert.deepEqual(plan('/usr/bin/pkexec', '/usr/libexec/culvert/start-helper'), [
    '/usr/bin/pkexec',
    '--disable-internal-agent',
    '/usr/libexec/culvert/start-helper',
  ]);
  const unit = '/usr/lib/systemd/system/culvertd.service';
  assert.deepEqual(plan('/usr/bin/systemctl', unit), ['/usr/bin/systemctl', 'start', 'culvertd.service']);
  assert.equal(plan('/usr/bin/pkexec'), null);
  assert.equal(
    planHelperStart('darwin', () => true),
    null,
  );
});

test('a start that was not allowed, and one that nobody could be asked about, say so and name the command', async () => {
  const start = (command: Parameters<typeof runHelperStart>[0]) => runHelperStart(command, 'sudo culvertd');
  await assert.rejects(start(null), { code: 'HELPER_UNREACHABLE', message: /type sudo culvertd/ });
  await assert.rejects(start(['/bin/sh', '-c', 'exit 126']), { message: /dismissed; sudo culvertd starts it/ });
  await assert.rejects(start(['/bin/sh', '-c', 'echo Not authorized >&2; exit 127']), { message: /not allowed/ });
  const nobody = 'echo No authentication agent found. >&2; exit 127';
  await assert.rejects(start(['/bin/sh', '-c', nobody]), { message: /nobody could be asked/ });
  await assert.rejects(start(['/nonexistent']), { message: /\/nonexistent ended with 127/ });
  await start(['/bin/true']);
});

test('the tray’s picture is a shape for each condition, light on dark panels', () => {
  assert.equal(trayIconName('attention', 'light'), 'tray-attention-light.png');
  assert.equal(trayInk('linux', 'ubuntu:GNOME', false), 'light');
  assert.equal(trayInk('linux', 'KDE', false), 'dark');
  assert.equal(trayInk('linux', undefined, true), 'light');
  assert.equal(trayInk('darwin', undefined, true), 'dark');
});
