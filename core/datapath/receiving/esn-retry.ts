/**
 * Resynchronisation of extended sequence numbers (RFC 4303 Appendix A3): after 2³² packets in a row were lost, every
 * packet fails its integrity check, because the inferred high word is too low. Then one of them is tried again with the
 * next few high words.
 *
 * At most one packet a second and association is tried, and only after a run of failures with no success in between,
 * so that forged packets cost little.
 * @module
 */
import { OpenFlag, OpenRow, type TransformPort } from '#core/crypto/transform.ts';
import { Interval } from '#core/datapath/rate-limit.ts';

/** Failures in a row before anything is tried (appendix A3: "a threshold"). */
const threshold = 64;
/** High words that are tried: so many times 2³² packets may be lost. */
const attempts = 4;
const repeatMs = 1000;
/** The longest ESP packet. */
const longestPacket = 65536;

/** Failures of one association. */
export class EsnFailures {
  #inRow = 0;
  readonly #limit = new Interval(repeatMs);

  /** A packet was authentic. */
  forget(): void {
    this.#inRow = 0;
  }

  /** A packet was not. */
  note(): void {
    this.#inRow++;
  }

  /** Whether the next packet is to be kept, in case it fails. */
  wantsRetry(now: number): boolean {
    return this.#inRow >= threshold && this.#limit.take(now);
  }
}

/** Tries packets again, one at a time. */
export class EsnRetry {
  readonly #transforms: TransformPort;
  readonly #kept = new Uint8Array(longestPacket);
  readonly #row = new Int32Array(OpenRow.stride);
  #length = 0;

  constructor(transforms: TransformPort) {
    this.#transforms = transforms;
  }

  /** Keep the packet at `offset`: opening it destroys it. */
  keep(arena: Uint8Array, offset: number, length: number): void {
    this.#kept.set(arena.subarray(offset, offset + length));
    this.#length = length;
  }

  /** Open the kept packet into its old place with one of the high words behind `high`. Gives that, or -1. */
  open(arena: Uint8Array, offset: number, transform: number, high: number): number {
    const row = this.#row;
    for (let candidate = high + 1; candidate <= high + attempts; candidate++) {
      arena.set(this.#kept.subarray(0, this.#length), offset);
      row[OpenRow.offset] = offset;
      row[OpenRow.length] = this.#length;
      row[OpenRow.transform] = transform;
      row[OpenRow.sequenceHigh] = candidate;
      row[OpenRow.flags] = OpenFlag.esn;
      this.#transforms.open(row, 1, arena);
      if (row[OpenRow.outLength]! >= 0) return candidate;
    }
    return -1;
  }

  /** Where the last packet that opened lies. */
  get outOffset(): number {
    return this.#row[OpenRow.outOffset]!;
  }

  /** Its length, trailer included. */
  get outLength(): number {
    return this.#row[OpenRow.outLength]!;
  }
}
