import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ImportAnswer } from '#core/api/profile-contract.ts';
import { formatImport } from '#core/cli/import/import-output.ts';
import { exampleProfile } from '#test/support/profile/profiles.ts';

const answer = (changes: Partial<ImportAnswer['profiles'][number]> = {}): ImportAnswer => ({
  token: null,
  texts: '',
  profiles: [{ profile: exampleProfile(), hasKeys: true, conflict: null, warning: null, ...changes }],
  unmapped: [],
});

test('a profile is told by its name, and whether its keys are there', () => {
  const { name } = exampleProfile();
  const text = formatImport(answer(), []);
  assert.ok(text.startsWith(`+ ${name}\n`));
  assert.match(text, /keys +from the files\n/);
  assert.match(formatImport(answer({ hasKeys: false }), []), /keys +new ones are made/);
});

test('a name that was asked for stands in its place, and settles the conflict', () => {
  const taken = answer({ conflict: 'the name is taken' });
  assert.match(formatImport(taken, []), /conflict +the name is taken\n/);
  const text = formatImport(taken, ['other']);
  assert.ok(text.startsWith('+ other\n') && !text.includes('conflict'));
});

test('what has no place in a profile is told with its file and line', () => {
  const unmapped = [
    { file: 'swanctl.conf', line: 7, text: 'mobike = yes', why: 'there is no IKE' },
    { file: 'x', line: 0, text: '', why: 'nothing of it is known' },
  ];
  assert.equal(
    formatImport({ token: null, texts: '', profiles: [], unmapped }, []),
    'not mapped:\n  swanctl.conf:7: mobike = yes: there is no IKE\n  x: nothing of it is known\n',
  );
});
