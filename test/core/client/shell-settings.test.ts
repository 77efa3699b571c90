import assert from 'node:assert/strict';
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { errnoOf } from '#core/base/errno.ts';
import { IpsecError } from '#core/base/error.ts';
import { defaultShellSettings } from '#core/api/shell-contract.ts';
import { loadSettings, saveSettings, settingsPath } from '#core/client/shell-settings.ts';

function path(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'culvert-settings-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return settingsPath({ XDG_CONFIG_HOME: folder });
}

test('without a file the settings are those of a person who has set nothing', (t) => {
  assert.deepEqual(loadSettings(path(t)), { settings: defaultShellSettings, problem: null });
});

test('what is saved is read again, and only the person can read it', (t) => {
  const file = path(t);
  const settings = { ...defaultShellSettings, theme: 'dark', onQuit: 'take-down' } as const;
  saveSettings(file, settings);
  assert.deepEqual(loadSettings(file), { settings, problem: null });
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(join(file, '..')), ['window.json']);
});

test('a field that an older version did not know has its default', (t) => {
  const file = path(t);
  saveSettings(file, defaultShellSettings);
  writeFileSync(file, '{"version":1,"theme":"dark"}');
  assert.deepEqual(loadSettings(file).settings, { ...defaultShellSettings, theme: 'dark' });
});

for (const [what, text] of [
  ['half-written', '{"version":1,"theme":"da'],
  ['of a newer version', '{"version":2,"theme":"dark"}'],
  ['of another kind', '[]'],
  ['empty', ''],
] as const) {
  test(`a file that is ${what} is set aside and told, and nothing of it is lost`, (t) => {
    const file = path(t);
    saveSettings(file, defaultShellSettings);
    writeFileSync(file, text);
    const { settings, problem } = loadSettings(file);
    assert.deepEqual(settings, defaultShellSettings);
    assert.match(problem ?? '', /\.broken/);
    assert.equal(readFileSync(`${file}.broken`, 'utf8'), text);
    assert.ok(!existsSync(file));
  });
}

test('where no folder can be made it fails at once: below /proc, and in a file', (t) => {
  const file = path(t);
  saveSettings(file, defaultShellSettings);
  const refusal = { code: 'STATE_UNWRITABLE' };
  assert.throws(() => saveSettings('/proc/culvert/window.json', defaultShellSettings), refusal);
  assert.throws(() => saveSettings(join(file, 'culvert', 'window.json'), defaultShellSettings), refusal);
});

test('a full disk loses nothing of what was there', { skip: existsSync('/dev/full') ? false : '/dev/full' }, (t) => {
  const file = path(t);
  saveSettings(file, defaultShellSettings);
  // The draft goes to a device that is always full.
  symlinkSync('/dev/full', `${file}.${process.pid}.new`);
  assert.throws(
    () => saveSettings(file, { ...defaultShellSettings, theme: 'dark' }),
    (error) => {
      assert.ok(error instanceof IpsecError && error.code === 'STATE_UNWRITABLE');
      return errnoOf(error.cause, '') === 'ENOSPC';
    },
  );
  assert.deepEqual(loadSettings(file), { settings: defaultShellSettings, problem: null });
});
