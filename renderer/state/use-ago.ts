/**
 * How long ago something was. While the helper is away nobody knows what has happened since, so then it is told when.
 * @module
 */
import { useTranslation } from 'react-i18next';
import { formatClock, formatDuration } from './format.ts';
import { useNow } from './live/now.ts';
import { useSession } from './session-context.ts';

/** Tells a time of the helper's clock; `format` writes an age. */
export type TellAgo = (atMs: number, format?: (ageMs: number) => string) => string;

/** `0.4 s ago`, or `at 13:58:02`. */
export function useAgo(): TellAgo {
  const { t } = useTranslation();
  const nowMs = useNow();
  const isLive = useSession(({ link }) => link.state === 'connected');
  return (atMs, format = formatDuration) =>
    isLive ? t('time.ago', { time: format(Math.max(0, nowMs - atMs)) }) : t('time.at', { time: formatClock(atMs) });
}
