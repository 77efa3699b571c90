import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addReading, currentRate, historyLength, type Rates } from '#renderer/state/rates.ts';
import { link, status } from './example-session.ts';

function reading(seconds: number, outputBytes: number): ReturnType<typeof status> {
  const { counters } = link(0);
  return status({ nowMs: seconds * 1000, interfaces: [link(0, { counters: { ...counters, outputBytes } })] });
}

test('a rate is what was counted between two readings, over the time between them', () => {
  const first = addReading(new Map(), null, reading(1, 0));
  assert.equal(currentRate(first, 'ipsec0'), null);
  const second = addReading(first, reading(1, 0), reading(3, 5000));
  assert.equal(currentRate(second, 'ipsec0')?.outBytes, 2500);
});

test('a minute is kept, oldest first, and an interface that went is forgotten', () => {
  let rates: Rates = new Map();
  for (let second = 1; second <= 70; second++)
    rates = addReading(rates, reading(second - 1, 0), reading(second, second));
  assert.equal(rates.get('ipsec0')?.length, historyLength);
  const after = addReading(rates, reading(70, 70), status({ nowMs: 71_000 }));
  assert.equal(after.has('ipsec0'), false);
});
