import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contract } from '#core/api/contract.ts';
import { linkStates, pushSchema, relayContract, relayRequestSchema, type RelayMethod } from '#core/api/relay.ts';
import {
  defaultShellSettings,
  linkNames,
  shellContract,
  shellSettingsSchema,
  themes,
} from '#core/api/shell-contract.ts';

test('the relay has every method of the helper and of the shell, under names that do not clash', () => {
  const names = Object.keys(relayContract) as RelayMethod[];
  assert.equal(names.length, Object.keys(contract).length + Object.keys(shellContract).length);
});

test('what a person has who has set nothing is valid settings', () => {
  assert.deepEqual(shellSettingsSchema.parse(defaultShellSettings), defaultShellSettings);
  assert.ok(themes.includes(defaultShellSettings.theme));
});

test('a file is suggested by name only: a path is refused', () => {
  const { params } = shellContract['shell.saveFile'];
  assert.ok(params.safeParse({ suggestedName: 'setkey.conf', text: '', isSecret: false }).success);
  for (const suggestedName of ['../x', '/etc/passwd', 'a/b', '', 'a\\b']) {
    assert.ok(!params.safeParse({ suggestedName, text: '', isSecret: false }).success, suggestedName);
  }
});

test('a link is a name of the list: a URL is refused', () => {
  const { params } = shellContract['shell.openLink'];
  assert.ok(linkNames.every((link) => params.safeParse({ link }).success));
  assert.ok(!params.safeParse({ link: 'https://example.org/' }).success);
});

test('a push and a request of another shape are refused', () => {
  const link = { state: linkStates[0], message: 'm', hint: 'h', command: null };
  assert.ok(pushSchema.safeParse({ kind: 'link', link }).success);
  assert.ok(!pushSchema.safeParse({ kind: 'open', url: 'file:///' }).success);
  assert.ok(!relayRequestSchema.safeParse({ id: -1, method: 'status.get', params: {} }).success);
});
