/**
 * Tests of eslint.config.js: the rules that are our own report what they should and nothing else.
 * @module
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ESLint } from 'eslint';

/** Types come from the text given, also where CI=true makes typescript-eslint read each file from the disk, once. */
const eslint = new ESLint({
  overrideConfig: { languageOptions: { parserOptions: { disallowAutomaticSingleRunInference: true } } },
});

/** Rules that report `code`, as if it stood in an existing file of core. */
async function rulesAgainst(code: string): Promise<readonly (string | null)[]> {
  const [result] = await eslint.lintText(code, { filePath: 'core/base/bytes.ts' });
  return (result?.messages ?? []).map((message) => message.ruleId);
}

test('`!` behind an index into a typed array is allowed', async () => {
  const code = 'export function f(bytes: Uint8Array, rows: Int32Array): number { return bytes[0]! + rows[1]!; }';
  assert.deepEqual(await rulesAgainst(code), []);
});

test('`!` anywhere else is reported', async () => {
  const code = 'export function f(names: string[], name?: string): string { return names[0]! + name!; }';
  const rule = 'culvert/typed-array-assertion';
  assert.deepEqual(await rulesAgainst(code), [rule, rule]);
});

test('a switch on algorithm names is reported', async () => {
  const code =
    "export function f(name: string): number { switch (name) { case 'aes-cbc': return 16; default: return 0; } }";
  assert.deepEqual(await rulesAgainst(code), ['no-restricted-syntax']);
});

test('a default case does not excuse a missing one', async () => {
  const code = "export function f(x: 'a' | 'b'): number { switch (x) { case 'a': return 1; default: return 2; } }";
  assert.deepEqual(await rulesAgainst(code), ['@typescript-eslint/switch-exhaustiveness-check']);
});
