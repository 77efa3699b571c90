import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contract } from '#core/api/contract.ts';
import type { z } from 'zod';
import {
  linkStates,
  parseParams,
  pushSchema,
  relayContract,
  relayRequestSchema,
  type RelayMethod,
} from '#core/api/relay.ts';
import { IpsecError } from '#core/base/error.ts';
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

test('no method takes a field that it does not know, and the refusal names it', () => {
  for (const [method, { params }] of Object.entries(relayContract)) {
    const schema: z.ZodType = params;
    const parsed = schema.safeParse({ unheardOf: 1 });
    const issues = parsed.success ? [] : parsed.error.issues;
    assert.ok(
      issues.some((issue) => issue.code === 'unrecognized_keys' && issue.keys.includes('unheardOf')),
      method,
    );
  }
});

test('a field that is not known is refused by its path, also below others, and its value is not repeated', () => {
  const cases: readonly [keyof typeof relayContract, object, string][] = [
    ['status.get', { isVerbos: 'secret' }, 'isVerbos'],
    ['interface.create', { name: 'ipsec0', mtu: 'secret' }, 'mtu'],
    ['settings.set', { hopLimt: 'secret' }, 'hopLimt'],
    ['interface.preview', { name: 'ipsec0', changes: { linc0: 'secret' } }, 'changes.linc0'],
    ['configuration.plan', { files: [{ name: 'a', text: '', mode: 'secret' }] }, 'files.0.mode'],
  ];
  for (const [method, params, field] of cases) {
    assert.throws(
      () => parseParams(method, relayContract[method].params, params),
      (error) =>
        error instanceof IpsecError &&
        error.code === 'API_BAD_PARAMS' &&
        error.details['field'] === field &&
        error.message.includes(field) &&
        !error.message.includes('secret'),
      method,
    );
  }
});
