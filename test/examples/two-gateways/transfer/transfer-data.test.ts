/**
 * The bytes of the demo's transfer.
 * @module
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blockBytes, makeBlocks } from '#examples/two-gateways/transfer/transfer-data.ts';

test('the blocks add up to what was asked for, the last one short', () => {
  const blocks = [...makeBlocks(2 * blockBytes + 100)];
  assert.deepEqual(
    blocks.map((block) => block.length),
    [blockBytes, blockBytes, 100],
  );
});

test('no block equals another, so that swapped blocks change the digest', () => {
  const [first, second] = [...makeBlocks(2 * blockBytes)];
  assert.ok(first !== undefined && second !== undefined);
  assert.ok(!first.equals(second));
});

test('an odd few bytes can be asked for', () => {
  assert.deepEqual(
    [...makeBlocks(3)].map((block) => block.length),
    [3],
  );
  assert.deepEqual([...makeBlocks(0)], []);
});
