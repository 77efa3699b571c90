/**
 * Extended sequence numbers (RFC 4303 §2.2.1, Appendix A2.2): the high 32 bits are not sent, the receiver infers them
 * from its window. What it infers is only a guess until the ICV, which covers the high word, has verified.
 *
 * Not here: resynchronisation after 2³² lost packets (Appendix A3; core/datapath/receiving/esn-retry.ts).
 * @module
 */

/** What `extendSequence` answers when no valid number exists. */
export const noSequence = -1;

/** 2³². */
const wordRange = 0x100000000;
/**
 * Our own limit: sequence numbers are JavaScript numbers, exact below 2⁵³, where the RFC goes to 2⁶⁴ (captures from there:
 * core/capture/high-word-base.ts).
 */
const highWordLimit = 0x200000;

/**
 * The high word for a received low word (RFC 4303 §A2.2). T, the top of the window, is `topHigh · 2³² + topLow`.
 * A result of -1 or 2³² means that no valid number exists.
 */
export function inferHighWord(windowSize: number, topHigh: number, topLow: number, sequenceLow: number): number {
  const bottom = topLow - windowSize + 1;
  // Case A: the window lies within one high word. A low word left of it belongs to the next one.
  if (bottom >= 0) return sequenceLow >= bottom ? topHigh : topHigh + 1;
  // Case B: the window reaches back into the previous high word.
  return sequenceLow >= bottom + wordRange ? topHigh - 1 : topHigh;
}

/** The whole sequence number for a received low word, or `noSequence`. `top` is the window's T. */
export function extendSequence(sequenceLow: number, top: number, windowSize: number): number {
  const high = inferHighWord(windowSize, sequenceHigh(top), sequenceLowWord(top), sequenceLow);
  return high < 0 || high >= highWordLimit ? noSequence : high * wordRange + sequenceLow;
}

/** The sequence number of two words. */
export function joinSequence(high: number, low: number): number {
  return high * wordRange + low;
}

/** High 32 bits of a sequence number: what enters the ICV. */
export function sequenceHigh(sequenceNumber: number): number {
  return Math.floor(sequenceNumber / wordRange);
}

/** Low 32 bits of a sequence number: what is sent. */
export function sequenceLowWord(sequenceNumber: number): number {
  return sequenceNumber >>> 0;
}
