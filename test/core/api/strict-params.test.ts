/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { z } from 'zod';
import { parseParams, relayContract } from '#core/api/relay.ts';
import { IpsecError } from '#core/base/error.ts';

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
