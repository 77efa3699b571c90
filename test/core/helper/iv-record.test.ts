/**
 * The text of the IV record: round trip, and what makes it broken.
 * @module
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { emitRecord, parseRecord } from '#core/helper/iv-record.ts';

const hexDigit = fc.constantFrom(...'0123456789abcdef');
const fingerprint = fc.array(hexDigit, { minLength: 32, maxLength: 32 }).map((digits) => digits.join(''));
const range = fc.tuple(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.integer({ min: 1, max: 2 ** 32 }));
const reservation = range.map(([first, reserved]) => ({ first, reserved }));
const record = fc.record({
  salt: fc.uint8Array({ minLength: 32, maxLength: 32 }),
  keys: fc.array(fc.tuple(fingerprint, reservation)).map((rows) => new Map(rows)),
});

test('what is written is read back, in the same order', () => {
  fc.assert(
    fc.property(record, (value) => {
      const read = parseRecord(emitRecord(value));
      assert.ok(read !== null);
      assert.deepEqual([...read.keys], [...value.keys]);
      assert.deepEqual(new Uint8Array(read.salt), new Uint8Array(value.salt));
    }),
  );
});

const salt = '00'.repeat(32);
const row = ['00'.repeat(16), 5, 1];
const refused: Record<string, unknown> = {
  'no object': null,
  'another version': { version: 2, salt, keys: [] },
  'no salt': { version: 1, keys: [] },
  'a short salt': { version: 1, salt: '00', keys: [] },
  'a field that nobody knows': { version: 1, salt, keys: [], extra: 1 },
  'a row cut short': { version: 1, salt, keys: [row.slice(0, 2)] },
  'a high word beyond 32 bits': { version: 1, salt, keys: [[row[0], 2 ** 32, 1]] },
  'a fraction': { version: 1, salt, keys: [[row[0], 0.5, 1]] },
  'the same key twice': { version: 1, salt, keys: [row, row] },
};

for (const [what, value] of Object.entries(refused)) {
  test(`a record with ${what} is broken`, () => assert.equal(parseRecord(JSON.stringify(value)), null));
}

test('text that is no JSON is broken', () => assert.equal(parseRecord('{"version":1'), null));
