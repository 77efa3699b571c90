/**
 * The geometry of a sparkline: one lane above the datum, one below it, the newest reading at the right edge.
 * @module
 */
import type { Rate } from '#core/api/reading/rate.ts';
import { historyLength, type RateHistory } from '../state/rates.ts';

/** How wide the drawing is. */
export const width = 128;

/** Where nothing flows, from the top. */
export const datum = 18.5;

/** How far `most` goes from the datum. */
const reach = 16;

/** What lies between a lane's line and the datum, a closed shape for each run of readings. */
export function laneArea(history: RateHistory, valueOf: (rate: Rate) => number, most: number, sign: 1 | -1): string {
  return lanePath(history, valueOf, most, sign)
    .split('M')
    .filter((run) => run.includes('L'))
    .map((run) => {
      const points = run.trim().split(' L');
      const from = points[0]?.split(' ')[0] ?? '';
      const to = points.at(-1)?.split(' ')[0] ?? '';
      return `M${from} ${datum}L${points.join('L')}L${to} ${datum}z`;
    })
    .join('');
}

/** A line of a lane: `M` after each gap, so that what was not measured is not drawn. */
export function lanePath(history: RateHistory, valueOf: (rate: Rate) => number, most: number, sign: 1 | -1): string {
  const step = width / (historyLength - 1);
  const first = historyLength - history.length;
  let isDrawing = false;
  return history
    .map((rate, index) => {
      if (rate === null) {
        isDrawing = false;
        return '';
      }
      const x = ((first + index) * step).toFixed(1);
      const y = (datum - (sign * reach * valueOf(rate)) / most).toFixed(1);
      const command = `${isDrawing ? 'L' : 'M'}${x} ${y}`;
      isDrawing = true;
      return command;
    })
    .join(' ');
}
