/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exportProfile } from '#core/profile/export/export-format.ts';
import { assertGolden, exportCases, fileOf } from '#test/support/profile/export-source.ts';

for (const name of ['plain', 'peer'] as const) {
  test(`${name}: the files are as agreed`, () => assertGolden(name, 'networkd'));
}

test('the interface has the id that the formats for associations name', () => {
  const source = exportCases.plain();
  assert.match(fileOf('networkd', source, '.netdev'), /^InterfaceId=1$/m);
  assert.match(fileOf('swanctl', source), /if_id_in = 1$/m);
  assert.match(fileOf('linux', source), /type xfrm dev lo if_id 1$/m);
});

test('every line is a comment, a section, or a setting, and no file holds keys', () => {
  for (const { text, holdsKeys } of exportProfile('networkd', exportCases.keys())) {
    assert.equal(holdsKeys, false);
    for (const line of text.split('\n')) assert.match(line, /^(#.*|\[[A-Z][A-Za-z]+\]|[A-Za-z0-9]+=\S+|)$/);
  }
});
