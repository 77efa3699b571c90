import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IpsecError } from '#core/base/error.ts';
import { refuseCapture, refuseTruncated } from '#core/capture/capture-record.ts';

test('a refusal names the place in its message and in its details', () => {
  assert.throws(
    () => refuseCapture(17, 'this is nothing'),
    (error) =>
      error instanceof IpsecError &&
      error.code === 'CAPTURE_FORMAT' &&
      error.message === 'at byte 17: this is nothing' &&
      error.details['offset'] === 17,
  );
});

test('a file that ends too soon says how much is missing', () => {
  assert.throws(
    () => refuseTruncated(9, 'a packet', 1),
    /^IpsecError: at byte 9: the file ends within a packet, 1 byte short$/,
  );
  assert.throws(() => refuseTruncated(9, 'a packet', 2), { code: 'CAPTURE_TRUNCATED', message: /, 2 bytes short$/ });
});
