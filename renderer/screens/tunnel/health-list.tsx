/**
 * The health of each direction: when something last went, the number that comes next, the window that keeps replays out.
 * @module
 */
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { formatCount, none } from '../../state/format.ts';
import { useAgo } from '../../state/use-ago.ts';
import { useSession } from '../../state/session-context.ts';
import type { Tunnel } from '../../state/tunnel-list.ts';
import { associationsOf, currentAssociation } from './tunnel-facts.ts';
import styles from './tunnel.module.css';

/** Out left, in right. */
export function HealthList({ tunnel }: { readonly tunnel: Tunnel }): ReactElement {
  const { t } = useTranslation();
  const status = useSession((session) => session.status);
  const tellAgo = useAgo();
  const own = associationsOf(tunnel, status);
  const out = currentAssociation(tunnel, own, 'out');
  const into = currentAssociation(tunnel, own, 'in');
  const ago = (ms: number | null): string => {
    if (tunnel.interface === null) return none;
    if (ms === null) return t('tunnel.health.never');
    return tellAgo(ms);
  };
  const windowText =
    into === null
      ? none
      : into.replayBytes === 0
        ? t('tunnel.health.noWindow')
        : t('tunnel.health.packets', { size: formatCount(into.replayBytes * 8) });
  return (
    <div className={styles['health']}>
      <dl className="kv">
        <dt>{t('tunnel.health.sent')}</dt>
        <dd>{ago(tunnel.lastSentMs)}</dd>
        <dt>{t('tunnel.health.next')}</dt>
        <dd>{out === null ? none : formatCount(out.usage.sequence + 1)}</dd>
      </dl>
      <dl className="kv">
        <dt>{t('tunnel.health.heard')}</dt>
        <dd>{ago(tunnel.lastHeardMs)}</dd>
        <dt>{t('tunnel.health.window')}</dt>
        <dd>{windowText}</dd>
      </dl>
    </div>
  );
}
