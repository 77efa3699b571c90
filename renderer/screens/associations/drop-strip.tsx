/**
 * What was dropped, of all tunnels and of none: the reasons with the most packets.
 * @module
 */
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { sumDroppedPackets } from '#core/api/reading/dropped-packets.ts';
import { formatCount } from '../../state/format.ts';
import { useSession } from '../../state/session-context.ts';
import styles from './associations.module.css';

const mostShown = 5;

/** The strip under the table. */
export function DropStrip(): ReactElement | null {
  const { t } = useTranslation();
  const status = useSession((session) => session.status);
  if (status === null) return null;
  const dropped = sumDroppedPackets(status);
  const rest = dropped.length - mostShown;
  return (
    <section className={styles.drops} aria-label={t('associations.drops.title')}>
      <div>
        <h2>{t('associations.drops.title')}</h2>
        <span className="note">{t('associations.drops.since')}</span>
      </div>
      {dropped.length === 0 ? <p className="small">{t('associations.drops.none')}</p> : null}
      {dropped.slice(0, mostShown).map(({ reason, label, packets, interfaces }) => (
        <div key={reason}>
          <span className="note" title={label}>
            {label}
          </span>
          <b className="is-fault">{formatCount(packets)}</b>
          <span className="note">
            {interfaces.length === 0 ? t('associations.drops.other') : interfaces.join(', ')}
          </span>
        </div>
      ))}
      {rest > 0 ? <div className="note">{t('associations.drops.more', { count: rest })}</div> : null}
    </section>
  );
}
