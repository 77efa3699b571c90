import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HighWordBase, joinBase, splitSequence } from '#core/capture/high-word-base.ts';
import { OpenError, OpenRow, type TransformPort } from '#core/crypto/transform.ts';

const exact = 1n << 53n;
const end = 1n << 64n;

test('a number below 2⁵³ needs no base, one above leaves a high word below it', () => {
  assert.deepEqual(splitSequence(exact - 1n), { base: 0, sequence: Number(exact - 1n) });
  assert.deepEqual(splitSequence(exact), { base: 0x1f_ffff, sequence: 2 ** 32 });
  assert.deepEqual(splitSequence(end - 1n), { base: 0xffff_fffe, sequence: 2 ** 33 - 1 });
});

test('a split number joins to itself, as a bigint only where a number is not exact; 2⁶⁴ is no number', () => {
  for (const whole of [exact, exact + 0x1234_5678n, end - 1n]) assert.equal(joinBase(splitSequence(whole)), whole);
  assert.equal(joinBase(splitSequence(7n)), 7);
  const { base, sequence } = splitSequence(end - 1n);
  assert.equal(joinBase({ base, sequence: sequence + 1 }), null);
});

test('the engine opens with the base added, rows come back as they were, and no high word has a 33rd bit', () => {
  const seen: number[] = [];
  const engine: TransformPort = {
    create: () => 5,
    free: () => {},
    seal: () => {},
    open(rows, count) {
      for (let at = 0; at < count * OpenRow.stride; at += OpenRow.stride) {
        seen.push(rows[at + OpenRow.sequenceHigh]! >>> 0);
        rows[at + OpenRow.outLength] = 40;
      }
    },
  };
  const transforms = new HighWordBase(engine);
  transforms.setBase(5, 0xffff_fffd);
  const rows = new Int32Array(4 * OpenRow.stride);
  // Another transform, two jobs of this one, and one beyond the end.
  for (const [index, [transform, high]] of [
    [4, 1] as const,
    [5, 0] as const,
    [5, 2] as const,
    [5, 3] as const,
  ].entries()) {
    rows[index * OpenRow.stride + OpenRow.transform] = transform;
    rows[index * OpenRow.stride + OpenRow.sequenceHigh] = high;
  }
  transforms.open(rows, 4, new Uint8Array(0));
  assert.deepEqual(seen, [1, 0xffff_fffd, 0xffff_ffff, 0]);
  const column = (name: number): number[] => [0, 1, 2, 3].map((index) => rows[index * OpenRow.stride + name]!);
  assert.deepEqual(column(OpenRow.sequenceHigh), [1, 0, 2, 3]);
  assert.deepEqual(column(OpenRow.outLength), [40, 40, 40, OpenError.authentication]);
});
