/**
 * The one sentence under a tunnel's name: the fact, then the number that proves it.
 * @module
 */
import { useTranslation } from 'react-i18next';
import { formatAge, formatClock, formatCount, formatDuration } from '../../state/format.ts';
import { useAtTime } from '../../state/live/now.ts';
import { tellNetworks, tellRefused } from '../../state/refused-networks.ts';
import { useSession } from '../../state/session-context.ts';
import type { Tunnel } from '../../state/tunnel-list.ts';
import { asSentences } from '../../text/sentence.ts';

/** The sentence for `tunnel` as it is now, with the networks that are refused because no tunnel carries them. */
export function useConditionSentence(tunnel: Tunnel): string {
  const { t } = useTranslation();
  const said = useOwnSentence(tunnel);
  const networks = tunnel.condition === 'unknown' ? [] : (tellRefused(tunnel.profile)?.networks ?? []);
  if (networks.length === 0) return said;
  return `${said.replace(/\.?$/, '.')} ${t('refused.say', { list: tellNetworks(networks, t) })}`;
}

function useOwnSentence(tunnel: Tunnel): string {
  const { t } = useTranslation();
  const seenMs = useSession(({ link, measuredMs }) => (link.state === 'connected' ? 0 : measuredMs));
  const age = useAtTime((nowMs) => ageOf(tunnel, nowMs), hasAge(tunnel));
  const { condition, lastHeardMs, heldPackets, lastCondition } = tunnel;
  const problem = tunnel.profile?.problem ?? null;
  if (condition === 'lost') return t(`condition.lost.${lossOf(tunnel)}`, { name: tunnel.interfaceName });
  if (condition === 'error' && problem !== null) return asSentences(problem.message);
  if (condition === 'sends-only' && lastHeardMs === null) return t('condition.sends-only.never');
  if (condition === 'idle' && lastHeardMs !== null) return t('condition.idleHeard.say', { heard: age });
  return t(`condition.${condition}.say`, {
    ...{ heard: age, ends: age, held: formatCount(heldPackets) },
    last: t(`condition.${lastCondition}.word`),
    time: formatClock(seenMs),
  });
}

/** A device that another program has deleted, or an interface that somebody has destroyed, and perhaps made again. */
function lossOf({ interface: link }: Tunnel): 'say' | 'destroyed' {
  return link?.state === 'lost' ? 'say' : 'destroyed';
}

/** The age in the sentence, where it has one. */
function ageOf(tunnel: Tunnel, nowMs: number): string {
  const { condition, lastHeardMs, keysEndMs } = tunnel;
  if (!hasAge(tunnel)) return '';
  if (condition === 'keys-end-soon') return formatDuration((keysEndMs ?? nowMs) - nowMs);
  return formatAge(nowMs - (lastHeardMs ?? nowMs));
}

/** Whether the time alone changes the sentence. */
function hasAge({ condition, lastHeardMs }: Tunnel): boolean {
  if (condition === 'keys-end-soon') return true;
  return lastHeardMs !== null && (condition === 'up' || condition === 'idle' || condition === 'sends-only');
}
