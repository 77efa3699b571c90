/**
 * What a replay window has seen, as it is drawn: which of its numbers came, oldest first. Pure.
 * @module
 */
import type { ReplayWindowAnswer } from '#core/api/desktop-contract.ts';

/** A window to be drawn. */
export type ReplayPicture = {
  /** Numbers that it covers. */
  readonly size: number;
  /** The first number that it covers, and the right edge; both 0 while nothing has come. */
  readonly oldest: number;
  readonly newest: number;
  /** One for each number from `oldest` to `newest`: 1 for one that came. */
  readonly seen: Uint8Array;
  readonly came: number;
  readonly missing: number;
};

/** Read what the helper tells. Numbers below 1 were never sent: the picture begins at 1. */
export function readReplay({ size, lastSequence, bits }: Omit<ReplayWindowAnswer, 'id'>): ReplayPicture {
  const oldest = Math.max(lastSequence === 0 ? 0 : 1, lastSequence - size + 1);
  const length = lastSequence === 0 ? 0 : lastSequence - oldest + 1;
  const seen = new Uint8Array(length);
  let came = 0;
  for (let index = 0; index < length; index++) {
    const place = size - length + index;
    const digit = Number.parseInt(bits.charAt(place >>> 2), 16);
    const isSeen = ((digit >>> (3 - (place & 3))) & 1) === 1;
    if (isSeen) {
      seen[index] = 1;
      came++;
    }
  }
  return { size, oldest, newest: lastSequence, seen, came, missing: length - came };
}

/** Stretches of numbers that came, as shares of the window from 0 to 1, told in as many bins. */
export function seenStretches(
  { size, seen }: ReplayPicture,
  bins: number,
): readonly { readonly from: number; readonly to: number }[] {
  const count = Math.min(bins, size);
  const stretches: { from: number; to: number }[] = [];
  const first = size - seen.length;
  for (let bin = 0; bin < count; bin++) {
    const from = Math.floor((bin * size) / count) - first;
    const to = Math.floor(((bin + 1) * size) / count) - first;
    // A bin with a gap is a gap, so that one lost packet among thousands is seen.
    const isWhole = from >= 0 && !seen.subarray(from, to).includes(0);
    if (!isWhole) continue;
    const last = stretches.at(-1);
    if (last?.to === bin / count) last.to = (bin + 1) / count;
    else stretches.push({ from: bin / count, to: (bin + 1) / count });
  }
  return stretches;
}
