/**
 * The numbers that tie a `unique` policy to its associations, as NetBSD draws them (key.c: key_newreqid): one 16-bit
 * counter for interfaces and setkey alike, and no test whether a number is in use.
 * @module
 */

/** Largest reqid that a user may choose; the counter's numbers lie above it. */
export const largestManualReqid = 16383;

/** The first number that a fresh system hands out. */
const firstReqid = 16385;
const largestReqid = 65535;
const wrappedReqid = 16384;

/** Draws reqids: 16385, 16386 … 65535, 16384, 16385 … */
export class ReqidCounter {
  /** What the next draw gives. */
  next = firstReqid;

  /** The next reqid. */
  draw(): number {
    const drawn = this.next;
    this.next = drawn === largestReqid ? wrappedReqid : drawn + 1;
    return drawn;
  }
}
