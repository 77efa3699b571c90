/**
 * Anti-replay window of one inbound SA (RFC 4303 §3.4.3): a ring of 32-bit words after RFC 6479, so that moving the
 * window clears words and never shifts. It accepts exactly [T−W+1, T] left of the top, where RFC 6479's own sample
 * accepts T−W too.
 *
 * Checking and marking are separate on purpose: the window moves only after the ICV has verified. Sequence numbers are
 * JavaScript numbers, exact to 2⁵³, so extended ones need nothing else.
 * Not here: reconstruction of the high word (see extended-sequence.ts); sequence number 0 of a 32-bit SA has a drop
 * reason of its own in the datapath, though the window refuses it as well.
 * @module
 */
import { invariant } from '#core/base/invariant.ts';

/** What `canAccept` answers. */
export const ReplayVerdict = {
  accepted: 0,
  /** Left of the window. */
  tooOld: 1,
  /** In the window and marked already. */
  duplicate: 2,
} as const;

/** One of the values of `ReplayVerdict`. */
export type ReplayVerdictValue = (typeof ReplayVerdict)[keyof typeof ReplayVerdict];

/** The smallest window (RFC 4303 §3.4.3: "MUST be supported"). */
const smallestWindow = 32;
/** The largest; ours: 8 KiB of bits per SA. */
export const largestWindow = 65536;

/** What a window has seen, for people. */
export type ReplayWindowView = {
  /** W: packets that it covers. */
  readonly size: number;
  /** T, the right edge: the highest number marked, the high word of an extended one included. */
  readonly highest: number;
  /** A bit for each of the W numbers: that of T−W+1 is the first byte's highest, that of T the last byte's lowest. */
  readonly seen: Uint8Array;
};

/** Words that a window needs. One more than it covers: the word that the top enters is cleared while the oldest is in use. */
export function windowWords(packets: number): number {
  return 2 ** Math.ceil(Math.log2(sizeOf(packets) / 32 + 1));
}

function sizeOf(packets: number): number {
  return Math.max(smallestWindow, Math.ceil(packets / 32) * 32);
}

/** The window. */
export class ReplayWindow {
  /** W: packets that it covers, a multiple of 32. */
  readonly size: number;
  readonly #words: Uint32Array;
  readonly #wordMask: number;
  /** A number from the start: only then V8 changes it in its place, rather than allocate each one above 2³¹. */
  #top = 0;
  /** The number in hand: passed on in a field, where it takes no memory. */
  #number = 0;

  /**
   * `packets` from 1 to 65536 is rounded up to whole words, at least 32. `top` is the highest number known to be used:
   * 0 for a new SA, or what was saved; numbers left of a saved top count as never seen. `words` is for one of several
   * windows over the same memory, as many as `windowWords` says.
   */
  constructor(packets: number, top = 0, words: Uint32Array = new Uint32Array(windowWords(packets))) {
    invariant(packets >= 1 && packets <= largestWindow, 'replay window has from 1 to 65536 packets');
    this.size = sizeOf(packets);
    this.#words = words;
    this.#wordMask = words.length - 1;
    this.#top = top;
  }

  /** T: the highest number marked so far, 0 before the first. */
  get top(): number {
    return this.#top;
  }

  /** Whether `sequenceNumber` may still be accepted. Changes nothing. */
  canAccept(sequenceNumber: number): ReplayVerdictValue {
    this.#number = sequenceNumber;
    return this.#judge();
  }

  /** `canAccept` for `sequences[index]`. By index, because a number above 2³¹ that is passed on is allocated. */
  canAcceptAt(sequences: Float64Array, index: number): ReplayVerdictValue {
    this.#number = sequences[index]!;
    return this.#judge();
  }

  /** Record an authenticated number. Call only after `canAccept` and a verified ICV. */
  mark(sequenceNumber: number): void {
    this.#number = sequenceNumber;
    this.#markNumber();
  }

  /** `mark` for `sequences[index]`. */
  markAt(sequences: Float64Array, index: number): void {
    this.#number = sequences[index]!;
    this.#markNumber();
  }

  /**
   * Record `count` authenticated numbers, `sequences[index]` and those that follow it, all of them right of the top.
   */
  markRun(sequences: Float64Array, index: number, count: number): void {
    const first = sequences[index]!;
    const last = first + count - 1;
    this.#number = last;
    this.#advance();
    const oldest = Math.max(first, last - this.size + 1);
    for (let number = oldest; number <= last; number++) {
      this.#words[(number >>> 5) & this.#wordMask]! |= 1 << (number & 31);
    }
  }

  /** Another window over the same words has moved its top to here. */
  follow(top: number): void {
    if (top > this.#top) this.#top = top;
  }

  /** What it has seen, at this moment. Allocates: not for each packet. */
  view(): ReplayWindowView {
    const seen = new Uint8Array(this.size / 8);
    const first = this.#top - this.size + 1;
    for (let index = 0; index < this.size; index++) {
      const isSeen = this.canAccept(first + index) === ReplayVerdict.duplicate;
      if (isSeen) seen[index >>> 3]! |= 0x80 >>> (index & 7);
    }
    return { size: this.size, highest: this.#top, seen };
  }

  #judge(): ReplayVerdictValue {
    if (this.#number > this.#top) return ReplayVerdict.accepted;
    if (this.#number <= this.#top - this.size || this.#number <= 0) return ReplayVerdict.tooOld;
    const word = this.#words[(this.#number >>> 5) & this.#wordMask]!;
    return (word >>> (this.#number & 31)) & 1 ? ReplayVerdict.duplicate : ReplayVerdict.accepted;
  }

  #markNumber(): void {
    if (this.#number > this.#top) this.#advance();
    else if (this.#number <= this.#top - this.size) return;
    this.#words[(this.#number >>> 5) & this.#wordMask]! |= 1 << (this.#number & 31);
  }

  /** Move the top to the number in hand, and clear every word that it enters on the way. */
  #advance(): void {
    const top = this.#number;
    const before = this.#top;
    this.#top = top;
    // One step in the same word, as most are, enters none: the low 32 bits tell. Saves the divisions.
    if (top - before < 32 && top >>> 5 === before >>> 5) return;
    const oldBlock = Math.floor(before / 32);
    const entered = Math.floor(top / 32) - oldBlock;
    if (entered > this.#wordMask) {
      this.#words.fill(0);
      return;
    }
    // >>> 0 takes a number of up to 53 bits modulo 2³², and the ring divides 2³².
    for (let step = 1; step <= entered; step++) this.#words[((oldBlock + step) >>> 0) & this.#wordMask] = 0;
  }
}
