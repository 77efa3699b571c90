/**
 * The tail of the events as the helper sent them, a line each: in the words of `setkey -x`, or as JSON. It follows the
 * newest line until the person scrolls up or pauses it.
 * @module
 */
import { useEffect, useRef, useState, type ReactElement, type RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiEvent } from '#core/api/event.ts';
import { formatEvent } from '#core/api/monitor-text.ts';
import { Button } from '../../components/button.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { Segments } from '../../components/segments.tsx';
import { formatClock, formatCount } from '../../state/format.ts';
import { useSession } from '../../state/session-context.ts';
import { eventsKept } from '../../state/session.ts';
import styles from './events.module.css';

const wordings = ['setkey', 'json'] as const;
type Wording = (typeof wordings)[number];

/** The log. */
export function RawLog(): ReactElement {
  const { t } = useTranslation();
  const live = useSession((session) => session.events);
  const [wording, setWording] = useState<Wording>('setkey');
  const [pause, setPause] = useState<{ readonly atMs: number; readonly events: readonly ApiEvent[] } | null>(null);
  const events = pause?.events ?? live;
  const text = logText(events, wording);
  const lost = events.at(-1)?.dropped ?? 0;
  const log = useFollowedEnd(text);
  const toggle = (): void => setPause(pause === null ? { atMs: Date.now(), events } : null);
  const since = pause === null ? 0 : live.filter((event) => !pause.events.includes(event)).length;
  return (
    <>
      <div className={styles.bar}>
        <Segments
          label={t('events.words')}
          value={wording}
          options={wordings.map((value) => ({ value, label: t(`events.${value}`) }))}
          onChoose={setWording}
          isLarge
        />
        <Button icon={pause === null ? 'pause' : 'play'} aria-pressed={pause !== null} onClick={toggle}>
          {t(pause === null ? 'events.pause' : 'events.resume')}
        </Button>
        <CopyButton text={text} label={t('action.copy')} />
        <p className="small" role="status">
          {pause === null ? null : t('events.paused', { time: formatClock(pause.atMs), count: formatCount(since) })}
          {lost === 0 ? null : ` ${t('events.lost', { count: lost })}`}
        </p>
      </div>
      <pre className={`code ${styles.log}`} ref={log} tabIndex={0} role="region" aria-label={t('events.log')}>
        {text === '' ? t('events.logEmpty', { count: formatCount(eventsKept) }) : text}
      </pre>
    </>
  );
}

/** What `setkey -x` has no words for, the timeline has sentences for. */
function logText(events: readonly ApiEvent[], wording: Wording): string {
  if (wording === 'json') return events.map((event) => `${JSON.stringify(event)}\n`).join('');
  return events.map((event) => formatEvent(event, true)).join('');
}

/** Keeps the end in sight while it is in sight. */
function useFollowedEnd(text: string): RefObject<HTMLPreElement | null> {
  const element = useRef<HTMLPreElement>(null);
  const isAtEnd = useRef(true);
  useEffect(() => {
    const pre = element.current;
    if (pre === null) return;
    const onScroll = (): void => {
      isAtEnd.current = pre.scrollHeight - pre.scrollTop - pre.clientHeight < 24;
    };
    // In another width lines wrap elsewhere, and the end moves away without a scroll.
    const onSize = new ResizeObserver(() => {
      if (isAtEnd.current) pre.scrollTo({ top: pre.scrollHeight });
    });
    pre.addEventListener('scroll', onScroll);
    onSize.observe(pre);
    return () => {
      pre.removeEventListener('scroll', onScroll);
      onSize.disconnect();
    };
  }, []);
  useEffect(() => {
    if (isAtEnd.current) element.current?.scrollTo({ top: element.current.scrollHeight });
  }, [text]);
  return element;
}
