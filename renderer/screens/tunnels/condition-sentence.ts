/**
 * The one sentence under a tunnel's name: the fact, then the number that proves it.
 * @module
 */
import { useTranslation } from 'react-i18next';
import { formatClock, formatCount, formatDuration } from '../../state/format.ts';
import { useSession } from '../../state/session-context.ts';
import type { Tunnel } from '../../state/tunnel-list.ts';

/** The sentence for `tunnel` as it is now. */
export function useConditionSentence(tunnel: Tunnel): string {
  const { t } = useTranslation();
  const nowMs = useSession(({ status }) => status?.nowMs ?? 0);
  const measuredMs = useSession((session) => session.measuredMs);
  const { condition, lastHeardMs, keysEndMs, heldPackets, lastCondition } = tunnel;
  const problem = tunnel.profile?.problem ?? null;
  const values = {
    heard: formatDuration(nowMs - (lastHeardMs ?? nowMs)),
    ends: formatDuration((keysEndMs ?? nowMs) - nowMs),
    held: formatCount(heldPackets),
    last: t(`condition.${lastCondition}.word`),
    time: formatClock(measuredMs),
  };
  if (condition === 'error' && problem !== null) return problem.message;
  if (condition === 'sends-only' && lastHeardMs === null) return t('condition.sends-only.never');
  if (condition === 'idle' && lastHeardMs !== null) return t('condition.idleHeard.say', values);
  return t(`condition.${condition}.say`, values);
}
