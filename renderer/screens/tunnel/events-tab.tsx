/**
 * What happened to a tunnel, the newest first, a head for each day.
 * @module
 */
import { useMemo, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { TimelineEntryView } from '#core/api/desktop-contract.ts';
import { Icon, type IconName } from '../../components/icon.tsx';
import { formatClock } from '../../state/format.ts';
import type { Tunnel } from '../../state/tunnel-list.ts';
import { useWatched } from '../../state/use-watched.ts';
import styles from './tunnel.module.css';

const freshMs = 2000;
const mostEntries = 500;

const icons: Readonly<Record<TimelineEntryView['severity'], IconName | null>> = {
  note: null,
  attention: 'warn',
  fault: 'stop',
};

/** The tab. */
export function EventsTab({ tunnel }: { readonly tunnel: Tunnel }): ReactElement {
  const { t } = useTranslation();
  const { name, interfaceName } = tunnel;
  const { value } = useWatched('timeline.list', { name, limit: mostEntries }, freshMs);
  const ofInterface = interfaceName === name ? null : { name: interfaceName, limit: mostEntries };
  const { value: more } = useWatched('timeline.list', ofInterface, freshMs);
  const days = useMemo(() => byDay(newestFirst([...(value?.events ?? []), ...(more?.events ?? [])])), [value, more]);
  if (days.length === 0) return <p>{t('tunnel.events.none')}</p>;
  return (
    <>
      {days.map(({ day, entries }) => (
        <section key={day} className={styles['day']}>
          <h2>{day}</h2>
          <ol>
            {entries.map((entry) => (
              <Entry key={entry.id} entry={entry} />
            ))}
          </ol>
        </section>
      ))}
      <p className="small">
        <Link href="/events">{t('tunnel.events.all')}</Link>
      </p>
    </>
  );
}

function Entry({ entry }: { readonly entry: TimelineEntryView }): ReactElement {
  const { t } = useTranslation();
  const { atMs, severity, text } = entry;
  const icon = icons[severity];
  const tone = severity === 'fault' ? 'is-fault' : severity === 'attention' ? 'is-attention' : '';
  return (
    <li className={styles['event']}>
      <time dateTime={new Date(atMs).toISOString()}>{formatClock(atMs)}</time>
      <span className={tone}>
        {icon === null ? null : <Icon name={icon} label={t(`tunnel.events.severity.${severity}`)} />}
      </span>
      <span>{text}</span>
    </li>
  );
}

/** Entries of each day, in the time zone of the person. */
function byDay(
  entries: readonly TimelineEntryView[],
): readonly { readonly day: string; readonly entries: readonly TimelineEntryView[] }[] {
  const days = new Map<string, TimelineEntryView[]>();
  for (const entry of entries) {
    const day = new Date(entry.atMs).toLocaleDateString('en-GB', { weekday: 'long', day: 'numeric', month: 'long' });
    days.set(day, [...(days.get(day) ?? []), entry]);
  }
  return [...days].map(([day, list]) => ({ day, entries: list }));
}

/** What is told of both, the profile and its interface, stands once. */
function newestFirst(entries: readonly TimelineEntryView[]): readonly TimelineEntryView[] {
  return [...new Map(entries.map((entry) => [entry.id, entry])).values()].toSorted((one, other) => other.id - one.id);
}
