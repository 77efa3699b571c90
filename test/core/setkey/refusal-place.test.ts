/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IpsecError, type ErrorDetails } from '#core/base/error.ts';
import { parseSetkey } from '#core/setkey/parser.ts';
import { locateRefusal } from '#core/setkey/refusal-place.ts';

const text = 'flush; add 10.0.0.1 10.0.0.2 esp 256 -lh 60 -E null -A null;';

function placeOf(details: ErrorDetails): readonly unknown[] {
  const statement = parseSetkey(text).statements[1] ?? assert.fail();
  const { line, column } = locateRefusal(statement, new IpsecError('SA_UNSUPPORTED', 'no', details)).details;
  return [line, text.slice(Number(column) - 1).split(' ')[0]];
}

test('a field leads to the word that gave it', () => {
  const words = { source: '10.0.0.1', destination: '10.0.0.2', protocol: 'esp', spi: '256', integrity: '-A' };
  for (const [field, word] of Object.entries(words)) assert.deepEqual(placeOf({ field }), [1, word]);
  for (const [field, word] of [
    ['soft', '-lh'],
    ['hard.addSeconds', '-lh'],
    ['ports.destination', '10.0.0.2'],
    ['encryptionKey', '-E'],
  ] as const)
    assert.deepEqual(placeOf({ field }), [1, word]);
});

test('where no word is known it is the statement, and a place that is known already stays', () => {
  for (const details of [{}, { field: 'toString' }, { field: 'fragment' }])
    assert.deepEqual(placeOf(details), [1, 'add']);
  assert.deepEqual(placeOf({ field: 'spi', line: 7, column: 1 }), [7, 'flush;']);
});
