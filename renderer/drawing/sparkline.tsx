/**
 * The last minute of a tunnel, out above the datum and in below it, both to one scale. Dry is a plain datum; what was
 * not measured leaves a gap in the lines and dashes the datum.
 * @module
 */
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { RateHistory } from '../state/rates.ts';
import { datum, laneArea, lanePath, width } from './lane-path.ts';

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
          <path className="of" d={laneArea(history, ({ outBytes }) => outBytes, most, 1)} />
          <path className="if" d={laneArea(history, ({ inBytes }) => inBytes, most, -1)} />
          <path className="o" d={lanePath(history, ({ outBytes }) => outBytes, most, 1)} />
          <path className="i" d={lanePath(history, ({ inBytes }) => inBytes, most, -1)} />
        </>
      )}
      <path className="datum" d={`M0 ${datum}H${width}`} strokeDasharray={measured.length === 0 ? '4 3' : undefined} />
    </svg>
  );
}
