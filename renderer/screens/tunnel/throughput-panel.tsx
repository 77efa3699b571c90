/**
 * Throughput over a minute, a quarter of an hour or a day, with rekeys, drops and changes marked.
 * @module
 */
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { formatRate } from '#core/api/reading/rate.ts';
import type { RelayInput } from '#core/api/relay.ts';
import { Segments } from '../../components/segments.tsx';
import { Throughput } from '../../drawing/throughput.tsx';
import type { ChartWords, TrafficHistory } from '../../drawing/throughput-drawing.ts';
import { formatClock, none } from '../../state/format.ts';
import { currentRate } from '../../state/rates.ts';
import { useSession } from '../../state/session-context.ts';
import type { Tunnel } from '../../state/tunnel-list.ts';
import { useWatched } from '../../state/use-watched.ts';
import styles from './tunnel.module.css';

type Span = RelayInput<'history.get'>['span'];

const spans: readonly Span[] = ['1min', '15min', '24h'];
const everyMs: Readonly<Record<Span, number>> = { '1min': 1000, '15min': 3000, '24h': 30_000 };
const empty: TrafficHistory = { stepMs: 1000, points: [], marks: [] };

/** The panel. */
export function ThroughputPanel({ tunnel }: { readonly tunnel: Tunnel }): ReactElement {
  const { t } = useTranslation();
  const [span, setSpan] = useState<Span>('1min');
  const units = useSession(({ shell }) => shell?.settings.units ?? 'bits');
  const rate = useSession(({ rates }) => currentRate(rates, tunnel.interfaceName));
  const isThere = tunnel.interface !== null;
  const question = isThere ? { name: tunnel.interfaceName, span } : null;
  const history = useWatched('history.get', question, everyMs[span]).value ?? empty;
  const clock = (atMs: number): string => (span === '1min' ? formatClock(atMs) : formatClock(atMs).slice(0, 5));
  const words: ChartWords = {
    out: t('tunnel.hero.outLane'),
    in: t('tunnel.hero.inLane'),
    units,
    clock,
    zoneMs: -60_000 * new Date().getTimezoneOffset(),
    mark: ({ kind, atMs }) => t(`tunnel.throughput.mark.${kind}`, { time: clock(atMs) }),
  };
  const options = spans.map((value) => ({ value, label: t(`tunnel.throughput.${value}`) }));
  return (
    <>
      <div className={styles['sectionHead']}>
        <h2>{t('tunnel.throughput.title')}</h2>
        <Segments label={t('tunnel.throughput.span')} value={span} options={options} onChoose={setSpan} />
      </div>
      <Throughput
        history={history}
        words={words}
        label={t('tunnel.throughput.label', {
          span: t(`tunnel.throughput.${span}`),
          out: rate === null ? none : formatRate(rate.outBytes, units),
          in: rate === null ? none : formatRate(rate.inBytes, units),
        })}
      />
    </>
  );
}
