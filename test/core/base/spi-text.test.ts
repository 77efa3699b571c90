import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatSpi } from '#core/base/spi-text.ts';

test('an SPI has eight digits, small or large', () => {
  assert.equal(formatSpi(0x1001), '0x00001001');
  assert.equal(formatSpi(0xffffffff), '0xffffffff');
});
