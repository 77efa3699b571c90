/**
 * The one sentence under a tunnel's name: the fact, then the number that proves it.
 * @module
 */
import { useTranslation } from 'react-i18next';
import { formatClock, formatCount, formatDuration } from '../../state/format.ts';
import { useNow } from '../../state/now.ts';
import { useSession } from '../../state/session-context.ts';
import type { Tunnel } from '../../state/tunnel-list.ts';

/** Of what is in order, seconds are of no interest. */
const stepMs = 10_000;

/** The sentence for `tunnel` as it is now. */
export function useConditionSentence(tunnel: Tunnel): string {
  const { t } = useTranslation();
  const { condition, lastHeardMs, keysEndMs, heldPackets, lastCondition } = tunnel;
  const nowMs = useNow(condition === 'sends-only' ? undefined : stepMs);
  const seenMs = useSession(({ link, measuredMs }) => (link.state === 'connected' ? 0 : measuredMs));
  const problem = tunnel.profile?.problem ?? null;
  const values = {
    heard: formatDuration(nowMs - (lastHeardMs ?? nowMs)),
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
