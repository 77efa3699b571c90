import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errnoText, isErrno } from '#core/base/errno.ts';

test("has BSD's texts, not Linux's", () => {
  assert.equal(errnoText.ENXIO, 'Device not configured');
  assert.equal(errnoText.EADDRNOTAVAIL, "Can't assign requested address");
  assert.equal(errnoText.EHOSTUNREACH, 'No route to host');
});

test('knows its own names and nothing that objects inherit', () => {
  assert.equal(isErrno('EEXIST'), true);
  for (const name of ['eexist', 'EWHAT', '', 'toString', '__proto__']) assert.equal(isErrno(name), false, name);
});
