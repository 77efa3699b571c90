import assert from 'node:assert/strict';
import { test } from 'node:test';
import { autostartEntry, autostartPath, startWords } from '#electron/start/autostart.ts';

test('an installed app is started by its program, an AppImage by its own file, a checkout by its folder', () => {
  const app = { execPath: '/opt/Culvert/culvert', isPackaged: true, appPath: '/src/app' };
  assert.deepEqual(startWords(app, {}), ['/opt/Culvert/culvert', '--hidden']);
  assert.deepEqual(startWords(app, { APPIMAGE: '/home/me/Culvert.AppImage' }), [
    '/home/me/Culvert.AppImage',
    '--hidden',
  ]);
  assert.deepEqual(startWords({ ...app, isPackaged: false }, {}), ['/opt/Culvert/culvert', '/src/app', '--hidden']);
});

test('words with blanks, quotes and percent signs are quoted as the Desktop Entry Specification has it', () => {
  const entry = autostartEntry(['/opt/My "Apps"/culvert', '100%', '$HOME', '--hidden']);
  assert.match(entry, /^Exec="\/opt\/My \\\\"Apps\\\\"\/culvert" 100%% "\\\\\$HOME" --hidden$/m);
  assert.match(entry, /^\[Desktop Entry\]\nType=Application\n/);
});

test('the entry lies in the folder of the XDG autostart specification', () => {
  assert.equal(autostartPath({ XDG_CONFIG_HOME: '/cfg' }), '/cfg/autostart/culvert.desktop');
});
