import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  extendSequence,
  inferHighWord,
  noSequence,
  sequenceHigh,
  sequenceLowWord,
} from '#core/esp/extended-sequence.ts';
import { readFixture } from '#test/fixtures/read-fixture.ts';

type Row = [windowSize: number, topHigh: number, topLow: number, sequenceLow: number, high: number];
const { esnHighWord } = readFixture<{ esnHighWord: { rows: Row[] } }>('negative-vectors.json');

test('infers the high word of every row of the table (RFC 4303 §A2.2)', () => {
  assert.equal(esnHighWord.rows.length, 1300);
  for (const [windowSize, topHigh, topLow, sequenceLow, high] of esnHighWord.rows) {
    const inferred = inferHighWord(windowSize, topHigh, topLow, sequenceLow);
    assert.equal(inferred, high, `W ${windowSize}, T ${topHigh}:${topLow}, received ${sequenceLow}`);
  }
});

test('extends to the only number with these low bits between T−W+1 and T−W+2³²', () => {
  const top = fc.oneof(fc.nat(5000), fc.integer({ min: 2 ** 32 - 9000, max: 2 ** 32 + 9000 }), fc.maxSafeNat());
  fc.assert(
    fc.property(
      top,
      fc.integer({ min: 1, max: 2048 }),
      fc.integer({ min: -9000, max: 9000 }),
      (highest, words, move) => {
        const windowSize = words * 32;
        const sent = highest + Math.max(move, 1 - windowSize);
        const extended = extendSequence(sequenceLowWord(sent), highest, windowSize);
        const isValid = sent >= 0 && sent <= Number.MAX_SAFE_INTEGER;
        assert.equal(extended, isValid ? sent : noSequence);
      },
    ),
    { numRuns: 1000 },
  );
});

test('has no number below 0 and none above 2⁵³', () => {
  assert.equal(extendSequence(0xffffffff, 0, 64), noSequence);
  assert.equal(extendSequence(0xffffffff, 62, 64), noSequence);
  assert.equal(extendSequence(0xffffffff, 63, 64), 0xffffffff);
  assert.equal(extendSequence(0, Number.MAX_SAFE_INTEGER, 64), noSequence);
  assert.equal(extendSequence(0xffffffff, Number.MAX_SAFE_INTEGER, 64), Number.MAX_SAFE_INTEGER);
});

test('a number is its two words', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (number) => {
      assert.equal(BigInt(sequenceHigh(number)) * 2n ** 32n + BigInt(sequenceLowWord(number)), BigInt(number));
    }),
  );
});
