import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changeSettings, defaultShellSettings, shellContract, shellSettingsSchema } from '#core/api/shell-contract.ts';

test('a change keeps what it leaves out', () => {
  assert.deepEqual(changeSettings(defaultShellSettings, { theme: 'dark' }), { ...defaultShellSettings, theme: 'dark' });
  assert.deepEqual(changeSettings(defaultShellSettings, { theme: undefined }), defaultShellSettings);
});

test('who has set nothing has settings that the schema takes', () => {
  assert.deepEqual(shellSettingsSchema.parse(defaultShellSettings), defaultShellSettings);
});

test('no name of a file carries a path, and no link an address', () => {
  const takesFile = (suggestedName: string): boolean =>
    shellContract['shell.saveFile'].params.safeParse({ suggestedName, text: '', isSecret: false }).success;
  assert.deepEqual(['office.json', '../office', 'a/b', ''].map(takesFile), [true, false, false, false]);
  const takesLink = (link: string): boolean => shellContract['shell.openLink'].params.safeParse({ link }).success;
  assert.deepEqual(['manual', 'https://example.org/', 'file:///etc/passwd'].map(takesLink), [true, false, false]);
});
