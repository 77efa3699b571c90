/**
 * The timeline: a line down the days with a mark for each entry, shaped by how severe it is, and its sentence.
 * @module
 */
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { TimelineEntryView } from '#core/api/desktop-contract.ts';
import { formatClock } from '../../state/format.ts';
import type { Tunnel } from '../../state/tunnel-list.ts';
import { cutIntoDays, keyOfEntry } from '../../state/timeline-view.ts';
import styles from './events.module.css';

/** A dot, a triangle, a cross: told apart without their colours. */
const marks: Readonly<Record<TimelineEntryView['severity'], ReactElement>> = {
  note: <circle cx="8" cy="8" r="3" className={styles.note} />,
  attention: <path d="M8 2.5l5.5 10h-11z" className={styles.attention} />,
  fault: <path d="M3.5 3.5l9 9M12.5 3.5l-9 9" className={styles.fault} />,
};

/** The list. */
export function TimelineList(props: {
  readonly entries: readonly TimelineEntryView[];
  readonly tunnels: readonly Tunnel[];
}): ReactElement {
  const { t } = useTranslation();
  const { entries, tunnels } = props;
  const dayOf = useDayNames();
  return (
    <div className="sheet__body" tabIndex={0} role="region" aria-label={t('events.timeline')}>
      {cutIntoDays(entries, dayOf).map(({ day, entries: own }) => (
        <section key={day} className={styles.day}>
          <h2>{day}</h2>
          <ol>
            {own.map((entry) => (
              <li key={keyOfEntry(entry)} className={styles.entry}>
                <time className="num" dateTime={new Date(entry.atMs).toISOString()}>
                  {formatClock(entry.atMs)}
                </time>
                <svg viewBox="0 0 16 16" role="img" aria-label={t(`events.severity.${entry.severity}`)}>
                  {marks[entry.severity]}
                </svg>
                <span className={entry.severity === 'fault' ? styles.strong : undefined}>{entry.text}</span>
                <TunnelLink entry={entry} tunnels={tunnels} />
              </li>
            ))}
          </ol>
        </section>
      ))}
    </div>
  );
}

function TunnelLink(props: {
  readonly entry: TimelineEntryView;
  readonly tunnels: readonly Tunnel[];
}): ReactElement | null {
  const tunnel = props.tunnels.find(({ interfaceName }) => interfaceName === props.entry.interface);
  if (tunnel === undefined) return null;
  return <Link href={`/tunnel/${encodeURIComponent(tunnel.name)}`}>{tunnel.name}</Link>;
}

function useDayNames(): (atMs: number) => string {
  const { t } = useTranslation();
  const today = new Date();
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1);
  return (atMs) => {
    const day = new Date(atMs);
    if (day.toDateString() === today.toDateString()) return t('events.today');
    if (day.toDateString() === yesterday.toDateString()) return t('events.yesterday');
    return day.toLocaleDateString('en-GB', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
  };
}
