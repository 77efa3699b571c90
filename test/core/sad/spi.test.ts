import assert from 'node:assert/strict';
import { test } from 'node:test';
import { writeU32 } from '#core/base/bytes.ts';
import type { Random } from '#core/base/port.ts';
import { allocateSpi, parseSpi } from '#core/sad/spi.ts';
import { thrownCode } from '#test/support/thrown-code.ts';

/** Gives these numbers one after the other, the last for ever. */
function drawing(...values: number[]): Random {
  return { fill: (out) => writeU32(out, 0, (values.length > 1 ? values.shift() : values[0]) ?? 0) };
}

test('accepts 256 to 4294967295 and refuses the reserved and what is no 32-bit number (RFC 4303 §2.1)', () => {
  const cases: [number, string | null][] = [
    [0, 'SPI_RESERVED'],
    [1, 'SPI_RESERVED'],
    [255, 'SPI_RESERVED'],
    [256, null],
    [0xffffffff, null],
    [0x100000000, 'SPI_RANGE'],
    [-1, 'SPI_RANGE'],
    [256.5, 'SPI_RANGE'],
    [NaN, 'SPI_RANGE'],
  ];
  for (const [value, code] of cases)
    assert.equal(
      thrownCode(() => parseSpi(value)),
      code,
      String(value),
    );
});

test('draws again after a reserved SPI and after one in use', () => {
  const spi = allocateSpi(drawing(0, 255, 0x80000001, 0x1234), (candidate) => candidate === 0x80000001);
  assert.equal(spi, 0x1234);
});

test('gives up when only used SPIs are drawn', () => {
  assert.equal(
    thrownCode(() => allocateSpi(drawing(0x1234), () => true)),
    'SA_LIMIT',
  );
});
