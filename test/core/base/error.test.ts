import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorCatalog, type ErrorRow } from '#core/base/error-catalog.ts';
import { fromWireError, IpsecError, toWireError, type ErrorCode } from '#core/base/error.ts';
import { isErrno } from '#core/base/errno.ts';

const codes = Object.keys(errorCatalog) as ErrorCode[];

test('every code is AREA_WHAT (INTERNAL apart) and has a one-sentence hint', () => {
  for (const code of codes) {
    if (code !== 'INTERNAL') assert.match(code, /^[A-Z]+(_[A-Z]+)+$/, code);
    assert.match(errorCatalog[code].hint, /^[^\n]{12,120}[.)]$/, code);
  }
});

test('every errno of the catalogue is one that has a text', () => {
  for (const code of codes) {
    const row: ErrorRow = errorCatalog[code];
    if (row.errno !== undefined) assert.equal(isErrno(row.errno), true, code);
  }
});

test('an error knows its hint and the errno of its row', () => {
  const error = new IpsecError('TUNNEL_PAIR_IN_USE', 'ipsec1 uses this pair', { interface: 'ipsec1' });
  assert.equal(error.name, 'IpsecError');
  assert.equal(error.hint, errorCatalog.TUNNEL_PAIR_IN_USE.hint);
  assert.equal(error.errno, 'EADDRNOTAVAIL');
  assert.equal(new IpsecError('SETKEY_SYNTAX', 'x').errno, null);
});

test("the host's own errno goes before the one of the row", () => {
  assert.equal(new IpsecError('HOST_DENIED', 'open', { errno: 'EACCES' }).errno, 'EACCES');
});

test('an errno that is not known is not taken for one', () => {
  assert.equal(new IpsecError('HOST_DENIED', 'open', { errno: 'EWHATEVER' }).errno, 'EPERM');
});

test('an error survives the way over a process boundary', () => {
  const wire = toWireError(new IpsecError('SA_EXISTS', 'SPI 0x1001 exists', { spi: 0x1001 }));
  const copy = fromWireError(structuredClone(wire));
  assert.equal(copy.code, 'SA_EXISTS');
  assert.equal(copy.message, 'SPI 0x1001 exists');
  assert.equal(copy.errno, 'EEXIST');
  assert.deepEqual(toWireError(copy), wire);
});

test('the cause stays on this side of the boundary', () => {
  const error = new IpsecError('HOST_FAILED', 'ip failed', {}, new Error('secret detail'));
  assert.equal((error.cause as Error).message, 'secret detail');
  assert.equal(JSON.stringify(toWireError(error)).includes('secret detail'), false);
});

test('anything else that was thrown loses its text', () => {
  for (const thrown of [new TypeError('key 0011223344'), 'key 0011223344', undefined]) {
    const wire = toWireError(thrown);
    assert.equal(wire.code, 'INTERNAL');
    assert.equal(JSON.stringify(wire).includes('0011223344'), false);
  }
});
