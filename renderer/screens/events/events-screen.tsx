/**
 * What happened: a timeline in sentences, or the events as the helper sent them. Pausing holds what is read still.
 * @module
 */
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { TimelineEntryView } from '#core/api/desktop-contract.ts';
import { Button } from '../../components/button.tsx';
import { Segments } from '../../components/segments.tsx';
import { formatClock, formatCount } from '../../state/format.ts';
import { useTunnels } from '../../state/live/use-tunnels.ts';
import { useTimeline } from '../../state/timeline.ts';
import { filterTimeline, severityFilters, type SeverityFilter } from '../../state/timeline-view.ts';
import styles from './events.module.css';
import { RawLog } from './raw-log.tsx';
import { TimelineList } from './timeline-list.tsx';

const views = ['timeline', 'raw'] as const;

/** The sheet of events. */
export function EventsScreen(): ReactElement {
  const { t } = useTranslation();
  const [view, setView] = useState<(typeof views)[number]>('timeline');
  return (
    <>
      <header className="sheet__head">
        <h1>{t('sheet.events')}</h1>
        <span className="spacer" />
        <Segments
          label={t('events.view')}
          value={view}
          options={views.map((value) => ({ value, label: t(`events.${value}`) }))}
          onChoose={setView}
          isLarge
        />
      </header>
      {view === 'timeline' ? <Timeline /> : <RawLog />}
    </>
  );
}

type Pause = { readonly atMs: number; readonly entries: readonly TimelineEntryView[] };

function Timeline(): ReactElement {
  const { t } = useTranslation();
  const live = useTimeline();
  const tunnels = useTunnels();
  const [severity, setSeverity] = useState<SeverityFilter>('all');
  const [about, setAbout] = useState('');
  const [pause, setPause] = useState<Pause | null>(null);
  const entries = pause?.entries ?? live ?? [];
  const tunnel = tunnels.find(({ interfaceName }) => interfaceName === about) ?? null;
  const shown = filterTimeline(entries, severity, tunnel);
  return (
    <>
      <div className={styles.bar}>
        <Segments
          label={t('events.severities')}
          value={severity}
          options={severityFilters.map((value) => ({ value, label: t(`events.${value}`) }))}
          onChoose={setSeverity}
          isLarge
        />
        <label>
          <span className="sr">{t('events.tunnel')}</span>
          <select className="select" value={about} onChange={({ target }) => setAbout(target.value)}>
            <option value="">{t('events.allTunnels')}</option>
            {tunnels.map(({ name, interfaceName }) => (
              <option key={name} value={interfaceName}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <Button
          icon={pause === null ? 'pause' : 'play'}
          aria-pressed={pause !== null}
          onClick={() => setPause(pause === null ? { atMs: Date.now(), entries } : null)}
        >
          {t(pause === null ? 'events.pause' : 'events.resume')}
        </Button>
        <p className="small" role="status">
          {pause === null
            ? null
            : t('events.paused', {
                time: formatClock(pause.atMs),
                count: formatCount(Math.max(0, (live?.length ?? 0) - pause.entries.length)),
              })}
        </p>
      </div>
      {live === null ? (
        <p className="nothing">{t('events.notAsked')}</p>
      ) : entries.length === 0 ? (
        <div className="blank">
          <h2>{t('events.empty.title')}</h2>
          <p>{t('events.empty.say')}</p>
        </div>
      ) : shown.length === 0 ? (
        <p className="nothing">{t('events.nothingFits')}</p>
      ) : (
        <TimelineList entries={shown} tunnels={tunnels} />
      )}
    </>
  );
}
