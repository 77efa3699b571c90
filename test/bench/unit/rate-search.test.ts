/**
 * The search for the highest packet rate, over made-up paths, and reading the generator's answer.
 * @module
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseBestRate } from '../udp/packet-rate.ts';
import { searchRate, type Trial } from '../udp/rate-search.ts';

/** A path that carries `capacity`, for a sender that reaches `senderLimit`. */
function path(capacity: number, senderLimit = 1e6): { run: (rate: number) => Promise<Trial>; rates: number[] } {
  const rates: number[] = [];
  const run = (rate: number): Promise<Trial> => {
    rates.push(rate);
    const sentPerSecond = Math.min(rate, senderLimit);
    return Promise.resolve({ sentPerSecond, receivedPerSecond: Math.min(sentPerSecond, capacity) });
  };
  return { run, rates };
}

for (const capacity of [5000, 60_000, 300_000]) {
  test(`finds ${capacity} packets a second within 3 % in 14 trials`, async () => {
    const { run, rates } = path(capacity);
    const { receivedPerSecond, lossPercent } = await searchRate(run, 14);
    assert.ok(receivedPerSecond > capacity * 0.97 && receivedPerSecond <= capacity, `${receivedPerSecond}`);
    assert.ok(lossPercent < 1);
    assert.ok(rates.length <= 14);
  });
}

test('a path that collapses when it is flooded is measured at the rate that it carries', async () => {
  const run = (rate: number): Promise<Trial> =>
    Promise.resolve({ sentPerSecond: rate, receivedPerSecond: rate > 100_000 ? 20_000 : rate });
  const { receivedPerSecond } = await searchRate(run, 14);
  assert.ok(receivedPerSecond > 70_000 && receivedPerSecond <= 100_000, `${receivedPerSecond}`);
});

test('where the sender is the limit, what it reaches counts', async () => {
  const { run } = path(2e6, 400_000);
  assert.equal((await searchRate(run, 14)).receivedPerSecond, 400_000);
});

test('one trial that somebody else spoils does not end the search', async () => {
  const { run } = path(100_000);
  let trials = 0;
  const spoilt = async (rate: number): Promise<Trial> => {
    const trial = await run(rate);
    return ++trials === 2 ? { ...trial, receivedPerSecond: trial.receivedPerSecond / 2 } : trial;
  };
  assert.ok((await searchRate(spoilt, 14)).receivedPerSecond > 97_000);
});

test('a path that carries nothing has rate 0 and loses all', async () => {
  assert.deepEqual(await searchRate(path(0).run, 14), { receivedPerSecond: 0, lossPercent: 100 });
});

test('the generator’s answer has both numbers or is refused', () => {
  assert.deepEqual(parseBestRate('{"receivedPerSecond":5,"lossPercent":0.5}\n'), {
    receivedPerSecond: 5,
    lossPercent: 0.5,
  });
  assert.throws(() => parseBestRate('{"receivedPerSecond":5}'), /the generator said/);
  assert.throws(() => parseBestRate(''), SyntaxError);
});
