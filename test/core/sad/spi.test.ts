import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
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

test('draws again after an SPI in use, and gives each SPI of the range the same chance (RFC 4303 §2.1)', () => {
  const isUsed = (candidate: number): boolean => candidate === 0x100 + 7;
  assert.equal(allocateSpi(drawing(7, 8), isUsed), 0x100 + 8);
  // 2³² is no multiple of 1000: the last draws are thrown away.
  assert.equal(
    allocateSpi(drawing(0xffffffff, 5), () => false, { min: 1000, max: 1999 }),
    1005,
  );
});

test('stays in its range, 0x100 to 0x0fffffff when nobody says otherwise (key.c)', () => {
  const range = fc.tuple(fc.integer({ min: 256, max: 0xffffffff }), fc.integer({ min: 256, max: 0xffffffff }));
  fc.assert(
    fc.property(fc.option(range), fc.integer({ min: 0, max: 0xffffffff }), (ends, drawn) => {
      const [one, other] = ends ?? [0x100, 0x0fffffff];
      const [min, max] = [Math.min(one, other), Math.max(one, other)];
      const spi = allocateSpi(drawing(drawn, 0), () => false, ends === null ? undefined : { min, max });
      assert.ok(spi >= min && spi <= max);
    }),
  );
});

test('gives up when only used SPIs are drawn, and refuses a range upside down', () => {
  const cases: [() => unknown, string][] = [
    [() => allocateSpi(drawing(0x1234), () => true), 'SPI_EXHAUSTED'],
    [() => allocateSpi(drawing(1), () => false, { min: 300, max: 299 }), 'SPI_RANGE'],
  ];
  for (const [run, code] of cases) assert.equal(thrownCode(run), code);
});
