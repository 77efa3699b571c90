import assert from 'node:assert/strict';
import { test } from 'node:test';
import { numberAfter, wordAfter } from '#core/profile/import/xfrm-word.ts';

for (const [text, number] of [
  ['reqid 16385', 16385],
  ['reqid 0x4001', 16385],
  ['reqid 16385(0x00004001)', 16385],
  ['reqid 128,', 128],
  ['reqid', null],
  ['reqid many', null],
  ['proto esp', null],
] as const) {
  test(`"${text}" says ${number === null ? 'no number' : number} behind reqid`, () =>
    assert.equal(numberAfter(text.split(' '), 'reqid'), number));
}

test('the first of two equal words counts: the selector stands before the template', () => {
  assert.equal(wordAfter(['src', '10.0.0.0/8', 'tmpl', 'src', '192.0.2.1'], 'src'), '10.0.0.0/8');
});
