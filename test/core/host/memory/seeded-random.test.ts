import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SeededRandom } from '#core/host/memory/seeded-random.ts';

test('the same seed gives the same numbers, another seed others', () => {
  const draw = (seed: number): number[] => {
    const random = new SeededRandom(seed);
    return Array.from({ length: 20 }, () => random.next());
  };
  assert.deepEqual(draw(1), draw(1));
  assert.notDeepEqual(draw(1), draw(2));
});

test('numbers spread over their range', () => {
  const random = new SeededRandom(3);
  const counts = new Float64Array(10);
  for (let index = 0; index < 10_000; index++) counts[random.below(10)]! += 1;
  for (const count of counts) assert.ok(count > 850 && count < 1150, `${counts}`);
  assert.ok(random.fraction() < 1);
});

test('bytes are filled, all of them', () => {
  const bytes = new Uint8Array(4096);
  new SeededRandom(4).fill(bytes);
  assert.equal(new Set(bytes).size, 256);
});
