/**
 * A transform without cryptography, for reaching the stages behind it millions of times: whoever sends is taken to hold the
 * keys, which is the worst peer there is. It checks that the loops ask for nothing outside of their arenas.
 * @module
 */
import assert from 'node:assert/strict';
import { countAlike } from '#core/crypto/alike-packets.ts';
import { spreadRun } from '#core/crypto/open-run.ts';
import { OpenError, OpenRow, SealError, SealRow, type TransformPort } from '#core/crypto/transform.ts';
import type { Xorshift } from './xorshift.ts';

const espHeaderBytes = 8;
const trailerBytes = 2;
/** The next header of no good packet has these bits; a packet with one of them is a forged one. */
const forgedBits = 0xc0;
const sealedBytes = 64;

/** Opens what looks like ESP; seals to a length. */
export class PassingTransform implements TransformPort {
  readonly #random: Xorshift;

  constructor(random: Xorshift) {
    this.#random = random;
  }

  create(): number {
    return 0;
  }

  free(): void {}

  seal(rows: Int32Array, count: number, source: Uint8Array, destination: Uint8Array): void {
    let offset = 0;
    for (let row = 0; row < count; row++) {
      const at = row * SealRow.stride;
      const start = rows[at + SealRow.sourceOffset]!;
      const length = rows[at + SealRow.sourceLength]!;
      const segments = rows[at + SealRow.segmentCount]!;
      assert.ok(start >= 0 && length > 0 && start + length <= source.length && segments > 0);
      const isRefused = this.#random.below(32) === 0;
      rows[at + SealRow.outOffset] = offset;
      rows[at + SealRow.outLength] = isRefused
        ? SealError.segmentation - this.#random.below(3)
        : segments * sealedBytes;
      rows[at + SealRow.outSegmentBytes] = sealedBytes;
      if (!isRefused) offset += segments * sealedBytes;
    }
    assert.ok(offset <= destination.length);
  }

  open(rows: Int32Array, count: number, arena: Uint8Array): void {
    for (let row = 0; row < count;) {
      const packets = spreadRun(rows, row, count);
      const run = rows.subarray(row * OpenRow.stride, (row + packets) * OpenRow.stride);
      for (let at = 0; at < run.length; at += OpenRow.stride) openRow(run.subarray(at, at + OpenRow.stride), arena);
      if (packets > 1) run[OpenRow.outAlike] = countAlike(arena, run, packets);
      row += packets;
    }
  }
}

function openRow(row: Int32Array, arena: Uint8Array): void {
  const offset = row[OpenRow.offset]!;
  const length = row[OpenRow.length]!;
  assert.ok(offset >= 0 && length >= espHeaderBytes && offset + length <= arena.length);
  row[OpenRow.outOffset] = offset + espHeaderBytes;
  row[OpenRow.outLength] = judge(arena, offset, length);
}

function judge(arena: Uint8Array, offset: number, length: number): number {
  if (length < espHeaderBytes + trailerBytes) return OpenError.tooShort;
  if ((length & 3) !== 0) return OpenError.alignment;
  if ((arena[offset + length - 1]! & forgedBits) !== 0) return OpenError.authentication;
  return length - espHeaderBytes;
}
