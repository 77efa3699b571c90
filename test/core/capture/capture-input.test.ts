import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CaptureInput, inputOfBytes } from '#core/capture/capture-input.ts';

/** A file of `length` bytes, each its position modulo 251, that gives at most `piece` bytes at a time. */
function slowInput(length: number, piece: number): CaptureInput {
  let at = 0;
  return new CaptureInput((into, offset) => {
    const count = Math.min(piece, length - at, into.length - offset);
    for (let index = 0; index < count; index++) into[offset + index] = (at + index) % 251;
    at += count;
    return count;
  });
}

test('bytes arrive in whatever pieces the file gives, and keep their order and place', () => {
  for (const piece of [1, 7, 4096]) {
    const input = slowInput(10_000, piece);
    let position = 0;
    for (const step of [1, 999, 3000, 6000]) {
      assert.ok(input.has(step));
      assert.equal(input.position, position);
      for (let index = 0; index < step; index += 97) {
        assert.equal(input.bytes[input.start + index], (position + index) % 251);
      }
      input.skip(step);
      position += step;
    }
    assert.equal(input.has(1), false);
  }
});

test('the window grows with the bytes that arrive, not with the bytes that are asked for', () => {
  const input = slowInput(1000, 1000);
  assert.equal(input.has(0xffffffff), false);
  assert.equal(input.length, 1000);
  assert.ok(input.bytes.length < 1024 * 1024);
});

test('a large record is held whole', () => {
  const input = slowInput(3_000_000, 65536);
  assert.ok(input.has(3_000_000));
  assert.equal(input.bytes[input.start + 2_999_999], 2_999_999 % 251);
});

test('passing over bytes keeps none of them', () => {
  const input = slowInput(5_000_000, 65536);
  assert.ok(input.skipFar(4_999_999));
  assert.equal(input.position, 4_999_999);
  assert.ok(input.bytes.length < 1024 * 1024);
  assert.ok(input.has(1));
  assert.equal(input.skipFar(2), false);
});

test('bytes in memory are read where they lie', () => {
  const bytes = Uint8Array.of(1, 2, 3);
  const input = inputOfBytes(bytes);
  assert.ok(input.has(3));
  assert.equal(input.bytes, bytes);
  assert.equal(input.has(4), false);
  assert.equal(input.bytes, bytes);
});
