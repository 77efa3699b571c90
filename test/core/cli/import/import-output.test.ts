import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ImportAnswer } from '#core/api/profile-contract.ts';
import { formatImport } from '#core/cli/import/import-output.ts';
import { exampleProfile } from '#test/support/profile/profiles.ts';

const answer = (changes: Partial<ImportAnswer['profiles'][number]> = {}): ImportAnswer => ({
  profiles: [{ profile: exampleProfile(), hasKeys: true, conflict: null, warning: null, ...changes }],
  unmapped: [],
});

test('says whether keys came along, and a conflict only while the name is the one that was found', () => {
  const text = formatImport(answer({ hasKeys: false, conflict: 'it is there already', warning: 'look' }), []);
  assert.match(text, /^\+ office\n/);
  assert.match(text, / {2}keys {7}new ones are made/);
  assert.match(text, / {2}warning {4}look\n {2}conflict {3}it is there already\n$/);
  assert.match(formatImport(answer({ conflict: 'it is there already' }), ['home']), /^\+ home\n(?!.*conflict)/s);
});

test('what is not mapped has its place as far as it is known', () => {
  const unmapped = [
    { file: 'a.conf', line: 3, text: 'x y', why: 'no place' },
    { file: '', line: 0, text: '', why: 'no tunnel' },
  ];
  assert.equal(formatImport({ profiles: [], unmapped }, []), 'not mapped:\n  a.conf:3: x y: no place\n  no tunnel\n');
});
