/**
 * The last minute of a tunnel, out above the datum and in below it, both to one scale. Dry is a plain datum; what was
 * not measured leaves a gap in the lines and dashes the datum.
 * @module
 */
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Rate } from '#core/api/rate.ts';
import { historyLength, type RateHistory } from '../state/rates.ts';

const width = 128;
const datum = 18.5;
const reach = 16;

/** A line of a lane: `M` after each gap, so that what was not measured is not drawn. */
function lanePath(history: RateHistory, valueOf: (rate: Rate) => number, most: number, sign: 1 | -1): string {
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

/** The sparkline of one tunnel. */
export function Sparkline({ history }: { readonly history: RateHistory }): ReactElement {
  const { t } = useTranslation();
  const measured = history.filter((rate) => rate !== null);
  const most = Math.max(...measured.flatMap(({ outBytes, inBytes }) => [outBytes, inBytes]), 0);
  const isDry = most === 0;
  return (
    <svg className="spark" viewBox="0 0 128 36" role="img" aria-label={t(isDry ? 'spark.dry' : 'spark.label')}>
      {isDry ? null : (
        <>
          <path className="o" d={lanePath(history, ({ outBytes }) => outBytes, most, 1)} />
          <path className="i" d={lanePath(history, ({ inBytes }) => inBytes, most, -1)} />
        </>
      )}
      <path className="datum" d={`M0 ${datum}H${width}`} strokeDasharray={measured.length === 0 ? '4 3' : undefined} />
    </svg>
  );
}
