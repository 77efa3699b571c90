/**
 * The one sentence under a tunnel's name: the fact, then the number that proves it.
 * @module
 */
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { formatClock, formatCount, formatDuration, formatRough } from '../../state/format.ts';
import { useAtTime } from '../../state/now.ts';
import { useSession } from '../../state/session-context.ts';
import type { Tunnel } from '../../state/tunnel-list.ts';

/** The sentence for `tunnel` as it is now. */
export function useConditionSentence(tunnel: Tunnel): string {
  const { t } = useTranslation();
  const seenMs = useSession(({ link, measuredMs }) => (link.state === 'connected' ? 0 : measuredMs));
  return useAtTime((nowMs) => sayCondition(tunnel, nowMs, seenMs, t));
}

function sayCondition(tunnel: Tunnel, nowMs: number, seenMs: number, t: TFunction): string {
  const { condition, lastHeardMs, keysEndMs, heldPackets, lastCondition } = tunnel;
  const problem = tunnel.profile?.problem ?? null;
  // Of what is in order, seconds are of no interest.
  const format = condition === 'sends-only' ? formatDuration : formatRough;
  const values = {
    heard: format(nowMs - (lastHeardMs ?? nowMs)),
    ends: formatDuration((keysEndMs ?? nowMs) - nowMs),
    held: formatCount(heldPackets),
    last: t(`condition.${lastCondition}.word`),
    time: formatClock(seenMs),
  };
  if (condition === 'error' && problem !== null) return problem.message;
  if (condition === 'sends-only' && lastHeardMs === null) return t('condition.sends-only.never');
  if (condition === 'idle' && lastHeardMs !== null) return t('condition.idleHeard.say', values);
  return t(`condition.${condition}.say`, values);
}
