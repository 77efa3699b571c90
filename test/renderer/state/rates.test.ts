import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Status } from '#core/api/contract.ts';
import { addReading, currentRate, historyLength, historyOf, noRates, type Rates } from '#renderer/state/rates.ts';
import { link, status } from './example-session.ts';

function reading(seconds: number, outputBytes: number): Status {
  const { counters } = link(0);
  return status({ nowMs: seconds * 1000, interfaces: [link(0, { counters: { ...counters, outputBytes } })] });
}

/** Histories after a whole reading and updates, each of which held until `since` seconds. */
function follow(first: Status, updates: readonly (readonly [since: number | null, now: Status])[]): Rates {
  let before = first;
  let rates = addReading(noRates, null, first, null);
  for (const [since, now] of updates) {
    rates = addReading(rates, before, now, since === null ? null : since * 1000);
    before = now;
  }
  return rates;
}

const bytes = (rates: Rates): (number | null)[] => historyOf(rates, 'ipsec0').map((rate) => rate?.outBytes ?? null);

test('a rate is what was counted since the last time at which nothing had changed', () => {
  const rates = follow(reading(1, 0), [[2, reading(3, 5000)]]);
  assert.equal(currentRate(rates, 'ipsec0')?.outBytes, 5000);
  assert.equal(currentRate(follow(reading(1, 0), []), 'ipsec0'), null);
});

test('while the helper says that nothing changed the rate was zero, a reading a second', () => {
  assert.deepEqual(bytes(follow(reading(1, 0), [[4, reading(5, 70)]])), [null, 0, 0, 0, 70]);
  assert.deepEqual(bytes(follow(reading(1, 0), [[5, reading(6, 0)]])), [null, 0, 0, 0, 0, 0]);
});

test('what waited on its way is spread over the time that it took', () => {
  assert.deepEqual(bytes(follow(reading(1, 0), [[1, reading(4, 90)]])), [null, 30, 30, 30]);
});

test('a reading at once after another is a part of it, so that a short look is no spike', () => {
  const steady = [
    [1, reading(2, 1000)],
    [2, reading(2.25, 2000)],
  ] as const;
  assert.deepEqual(bytes(follow(reading(1, 0), steady)), [null, 1600]);
});

test('what nobody watched is not known', () => {
  assert.deepEqual(bytes(follow(reading(1, 0), [[null, reading(2, 50)]])), [null, 50]);
  const rates = follow(reading(1, 0), [[null, reading(31, 50)]]);
  assert.deepEqual(
    bytes(rates),
    Array.from({ length: 31 }, () => null),
  );
});

test('a minute is kept, oldest first, and an interface that went is forgotten', () => {
  const updates = Array.from({ length: 70 }, (_, index) => [index + 1, reading(index + 2, index + 1)] as const);
  const rates = follow(reading(1, 0), updates);
  assert.equal(bytes(rates).length, historyLength);
  const after = addReading(rates, reading(71, 70), status({ nowMs: 72_000 }), 71_000);
  assert.equal(after.known.has('ipsec0'), false);
});

test('a history that stays at zero stays the same, so that nothing is drawn again, until something flows', () => {
  const rates = follow(reading(1, 0), [[1, reading(2, 0)]]);
  const flat = addReading(rates, reading(2, 0), reading(7, 0), 6000);
  assert.equal(historyOf(flat, 'ipsec0'), historyOf(rates, 'ipsec0'));
  assert.equal(flat.untilMs, 7000);
  const flowing = addReading(flat, reading(7, 0), reading(9, 50), 8000);
  assert.deepEqual(bytes(flowing), [null, 0, 0, 0, 0, 0, 0, 0, 50]);
});
