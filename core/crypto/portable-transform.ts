/**
 * The portable engine: `TransformPort` in plain JavaScript on @noble/ciphers and @noble/hashes. It runs where the
 * native package does not, and it is the readable oracle that the native engine is held equal to, byte for byte.
 *
 * It does not segment: a job with a gso type answers `SealError.segmentation`. Its callers get their packets from an
 * in-process network, which has no segmentation offload. It does complete partial checksums (NEEDS_CSUM).
 * @module
 */
import type { Random } from '#core/base/port.ts';
import { countAlike } from './alike-packets.ts';
import { spreadRun } from './open-run.ts';
import { openPacket } from './portable-open.ts';
import { sealPacket } from './portable-seal.ts';
import { createPortableSuite, wipePortableSuite, type PortableSuite } from './portable-suite.ts';
import { espHeaderBytes } from './suite-shape.ts';
import {
  OpenError,
  OpenFlag,
  OpenRow,
  SealError,
  SealRow,
  type TransformPort,
  type TransformSpec,
} from './transform.ts';

/** The engine. Handles rise by one and are never used twice, so a stale one can only miss. */
export class PortableTransform implements TransformPort {
  readonly #random: Random;
  readonly #suites: Map<number, PortableSuite>;
  #nextHandle: number;

  /** `random` gives the IVs of CBC and random padding. */
  constructor(random: Random) {
    this.#random = random;
    this.#suites = new Map();
    this.#nextHandle = 0;
  }

  /** Copy the keys into a transform. @throws {IpsecError} `ALGORITHM_UNKNOWN`, `KEY_LENGTH`. */
  create(spec: TransformSpec): number {
    const suite = createPortableSuite(spec);
    const handle = this.#nextHandle++;
    this.#suites.set(handle, suite);
    return handle;
  }

  /** Wipe and forget. A handle that is gone already is left alone. */
  free(handle: number): void {
    const suite = this.#suites.get(handle);
    if (suite === undefined) return;
    wipePortableSuite(suite);
    this.#suites.delete(handle);
  }

  /** Run `count` seal jobs from `source` to `destination`, packed back to back; a job that fails takes no room. */
  seal(rows: Int32Array, count: number, source: Uint8Array, destination: Uint8Array): void {
    let at = 0;
    for (let index = 0; index < count; index++) {
      const row = rows.subarray(index * SealRow.stride, (index + 1) * SealRow.stride);
      const suite = this.#suites.get(row[SealRow.transform]!);
      const length =
        suite === undefined ? SealError.noTransform : sealPacket(suite, row, source, destination, at, this.#random);
      row[SealRow.outOffset] = at;
      row[SealRow.outLength] = length;
      row[SealRow.outSegmentBytes] = Math.max(0, length);
      if (length > 0) at += length;
    }
  }

  /** Run `count` open jobs in place. */
  open(rows: Int32Array, count: number, arena: Uint8Array): void {
    for (let index = 0; index < count;) {
      const packets = spreadRun(rows, index, count);
      const run = rows.subarray(index * OpenRow.stride, (index + packets) * OpenRow.stride);
      for (let at = 0; at < run.length; at += OpenRow.stride)
        this.#openRow(run.subarray(at, at + OpenRow.stride), arena);
      if (packets > 1) run[OpenRow.outAlike] = countAlike(arena, run, packets);
      index += packets;
    }
  }

  #openRow(row: Int32Array, arena: Uint8Array): void {
    const suite = this.#suites.get(row[OpenRow.transform]!);
    const offset = row[OpenRow.offset]!;
    const length = row[OpenRow.length]!;
    row[OpenRow.outOffset] = offset;
    row[OpenRow.outSum] = 0;
    row[OpenRow.outJoined] = 1;
    if (suite === undefined) {
      row[OpenRow.outLength] = OpenError.noTransform;
      return;
    }
    if (offset < 0 || length < 0 || offset + length > arena.length) {
      row[OpenRow.outLength] = OpenError.tooShort;
      return;
    }
    const hasEsn = (row[OpenRow.flags]! & OpenFlag.esn) !== 0;
    const packet = arena.subarray(offset, offset + length);
    row[OpenRow.outOffset] = offset + espHeaderBytes + suite.ivBytes;
    row[OpenRow.outLength] = openPacket(suite, packet, hasEsn, row[OpenRow.sequenceHigh]!);
  }
}
