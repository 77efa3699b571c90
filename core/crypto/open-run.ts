/**
 * Rows of a run of open jobs: the first says what all of its packets have in common (`OpenRow`). Engines that open packet
 * by packet give each a row of its own before they begin.
 * @module
 */
import { OpenRow } from './transform.ts';

/**
 * Fill in the rows of the packets behind the one in row `index`, of `count` rows, which belong to its run. Returns how many
 * rows the run has: 1 for a single packet.
 */
export function spreadRun(rows: Int32Array, index: number, count: number): number {
  const first = index * OpenRow.stride;
  const packets = Math.min(Math.max(1, rows[first + OpenRow.count]!), count - index);
  const length = rows[first + OpenRow.length]!;
  for (let packet = 1; packet < packets; packet++) {
    const at = first + packet * OpenRow.stride;
    rows.copyWithin(at, first, first + OpenRow.outOffset);
    rows[at + OpenRow.offset] = rows[first + OpenRow.offset]! + packet * length;
  }
  return packets;
}
