/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAnswer } from '#core/api/answer.ts';
import { IpsecError, toWireError } from '#core/base/error.ts';

test('gives the value that the contract promises', () => {
  assert.deepEqual(parseAnswer('setkey.dump', { ok: true, value: { text: 'x' } }), { text: 'x' });
});

test('throws the refusal that the helper answered', () => {
  const error = toWireError(new IpsecError('SA_EXISTS', 'SPI 256 is taken', { spi: 256 }));
  assert.throws(
    () => parseAnswer('setkey.dump', { ok: false, error }),
    (thrown) => {
      assert.ok(thrown instanceof IpsecError);
      assert.deepEqual([thrown.code, thrown.message, thrown.details['spi']], ['SA_EXISTS', 'SPI 256 is taken', 256]);
      return true;
    },
  );
});

test('a code of a newer helper keeps its text', () => {
  const error = { code: 'TO_STRING_2', message: 'something new', hint: '', details: {} };
  assert.throws(() => parseAnswer('setkey.dump', { ok: false, error }), {
    code: 'INTERNAL',
    message: 'something new (TO_STRING_2)',
  });
  assert.throws(() => parseAnswer('setkey.dump', { ok: false, error: { ...error, code: 'toString' } }), {
    code: 'INTERNAL',
  });
});

test('whatever else comes back is no answer', () => {
  for (const answer of [null, 7, {}, { ok: true }, { ok: true, value: { text: 7 } }, { ok: false, error: 'no' }]) {
    assert.throws(() => parseAnswer('setkey.dump', answer), { code: 'API_UNKNOWN_METHOD' });
  }
});
