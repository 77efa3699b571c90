/**
 * Explicit IVs of a counter-mode suite (RFC 4106 §3.1, RFC 7634 §2): a reserved high word and a low word counted here.
 * A pair is never given out twice: a high word, once seen, is never started again, also when snapshots repeat it.
 * @module
 */

/** Low words under one high word. */
const lowWords = 0x1_0000_0000;

/** The IVs of one association. */
export class IvSequence {
  /** High word of the last reservation. */
  high = 0;
  /** First low word of the last reservation. */
  low = 0;
  readonly #highs: number[] = [];
  #index = 0;
  #nextLow = 0;

  /** Take note of reserved high words; those known already change nothing. Returns whether there were new ones. */
  extend(highs: readonly number[]): boolean {
    const before = this.#highs.length;
    for (const high of highs) if (!this.#highs.includes(high)) this.#highs.push(high);
    return this.#highs.length > before;
  }

  /** Reserve `count` consecutive IVs under one high word into `high` and `low`; false when none are left. */
  reserve(count: number): boolean {
    while (this.#index < this.#highs.length) {
      if (this.#nextLow + count <= lowWords) {
        this.high = this.#highs[this.#index] ?? 0;
        this.low = this.#nextLow;
        this.#nextLow += count;
        return true;
      }
      this.#index++;
      this.#nextLow = 0;
    }
    return false;
  }

  /** Whether the last high word is half used, or there is none: time to ask for another. */
  isRunningOut(): boolean {
    const left = this.#highs.length - this.#index;
    return left <= 0 || (left === 1 && this.#nextLow >= lowWords / 2);
  }
}
