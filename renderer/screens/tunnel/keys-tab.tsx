/**
 * The associations of a tunnel: what seals what goes out, what opens what comes in. While nothing is in the machine, the
 * keys that the profile holds, of which only the lengths are told.
 * @module
 */
import { formatSpi } from '#core/base/spi-text.ts';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { AssociationStatus } from '#core/api/contract.ts';
import type { ProfileAnswer } from '#core/api/profile-contract.ts';
import { Facts, type Fact } from '../../components/facts.tsx';
import { ReplayBitmap } from '../../drawing/replay-window.tsx';
import { formatBytes, formatCount, formatDuration, none } from '../../state/format.ts';
import { useReplayWindows } from '../../state/use-replay-windows.ts';
import { useAgo } from '../../state/use-ago.ts';
import { useStatusNow } from '../../state/live/now.ts';
import { associationEndsMs } from '../../state/tunnel-condition.ts';
import { suiteLabel } from '../../text/suite-label.ts';
import type { Tunnel } from '../../state/tunnel-list.ts';
import { associationsOf, isOutbound } from './tunnel-facts.ts';
import styles from './tunnel.module.css';

/** The tab. */
export function KeysTab({ tunnel }: { readonly tunnel: Tunnel }): ReactElement {
  const { t } = useTranslation();
  const status = useStatusNow();
  const own = associationsOf(tunnel, status);
  const { profile, interface: link } = tunnel;
  return (
    <>
      {own.length === 0 ? (
        <p>{t(link === null ? 'tunnel.keys.noneOff' : 'tunnel.keys.none')}</p>
      ) : (
        <>
          <div className={styles['scroll']}>
            <AssociationTable tunnel={tunnel} own={own} nowMs={status?.nowMs ?? 0} />
          </div>
          <ReplayWindows own={own.filter((association) => !isOutbound(tunnel, association))} />
          <p className={`small ${styles['below'] ?? ''}`}>
            <Link href="/associations">{t('tunnel.keys.all')}</Link>
          </p>
        </>
      )}
      {profile === null ? null : <SavedKeys profile={profile} />}
    </>
  );
}

function AssociationTable(props: {
  readonly tunnel: Tunnel;
  readonly own: readonly AssociationStatus[];
  readonly nowMs: number;
}): ReactElement {
  const { t } = useTranslation();
  const { tunnel, own, nowMs } = props;
  const ordered = own.toSorted(
    (one, other) =>
      Number(isOutbound(tunnel, other)) - Number(isOutbound(tunnel, one)) || other.createdMs - one.createdMs,
  );
  return (
    <table className="table">
      <caption className="sr">{t('tunnel.keys.caption', { name: tunnel.name })}</caption>
      <thead>
        <tr>
          <th scope="col">{t('tunnel.keys.direction')}</th>
          <th scope="col">{t('tunnel.keys.spi')}</th>
          <th scope="col">{t('tunnel.keys.suite')}</th>
          <th scope="col">{t('tunnel.keys.state')}</th>
          {(['packets', 'bytes', 'sequence', 'refused', 'used', 'ends'] as const).map((name) => (
            <th key={name} scope="col" className="num">
              {t(`tunnel.keys.${name}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {ordered.map((association) => (
          <AssociationRow key={association.id} {...{ association, nowMs, isOut: isOutbound(tunnel, association) }} />
        ))}
      </tbody>
    </table>
  );
}

function AssociationRow(props: {
  readonly association: AssociationStatus;
  readonly isOut: boolean;
  readonly nowMs: number;
}): ReactElement {
  const { t } = useTranslation();
  const { association, isOut, nowMs } = props;
  const tellAgo = useAgo();
  const { spi, encryption, integrity, encryptionKeyBits: bits, state, usage } = association;
  const endsMs = associationEndsMs(association);
  const refused = usage.replayDrops + usage.authenticationFailures;
  const detail = { replays: formatCount(usage.replayDrops), failures: formatCount(usage.authenticationFailures) };
  return (
    <tr>
      <td>{t(isOut ? 'tunnel.keys.out' : 'tunnel.keys.in')}</td>
      <td className="bits">{formatSpi(spi)}</td>
      <td>{suiteLabel({ encryption, integrity, bits })}</td>
      <td className={state === 'dying' ? 'is-attention' : state === 'dead' ? 'is-fault' : ''}>
        <span title={t(`tunnel.keys.states.${state}`)}>{state}</span>
      </td>
      <td className="num">{formatCount(usage.packets)}</td>
      <td className="num">{formatBytes(usage.bytes)}</td>
      <td className="num">{formatCount(usage.sequence)}</td>
      <td className={`num${refused > 0 ? ' is-fault' : ''}`} title={isOut ? '' : t('tunnel.keys.refusedSay', detail)}>
        {isOut ? none : formatCount(refused)}
      </td>
      <td className="num">{usage.lastUsedMs === 0 ? none : tellAgo(usage.lastUsedMs)}</td>
      <td className="num">
        {Number.isFinite(endsMs) ? t('tunnel.section.keysIn', { time: formatDuration(endsMs - nowMs) }) : none}
      </td>
    </tr>
  );
}

/** One for each association that refuses what comes twice. */
function ReplayWindows({ own }: { readonly own: readonly AssociationStatus[] }): ReactElement {
  const { t } = useTranslation();
  const windows = useReplayWindows(own);
  return (
    <div className={styles['windows']}>
      {own.flatMap(({ id, spi, usage }) => {
        const picture = windows.get(id);
        if (picture === undefined) return [];
        return [
          <section key={id}>
            <div className={styles['sectionHead']}>
              <h2>
                {t('replay.title')} <span className="bits">{formatSpi(spi)}</span>
              </h2>
              <span className="note">{t('replay.note', { size: formatCount(picture.size) })}</span>
            </div>
            <ReplayBitmap picture={picture} refused={usage.replayDrops} />
          </section>,
        ];
      })}
    </div>
  );
}

function SavedKeys({ profile: { profile, secrets } }: { readonly profile: ProfileAnswer }): ReactElement {
  const { t } = useTranslation();
  const { encryption, integrity, pairs } = profile.keys;
  const bits = secrets.pairs[0]?.out.encryptionBits ?? 0;
  const facts = pairs.flatMap(({ carries, spiOut, spiIn }): Fact[] => {
    const inner = t(`tunnel.keys.carries.${carries}`);
    return [
      [t('tunnel.keys.savedOut', { inner }), formatSpi(spiOut), 'bits'],
      [t('tunnel.keys.savedIn', { inner }), formatSpi(spiIn), 'bits'],
    ];
  });
  return (
    <section className={styles['part']}>
      <h2>{t('tunnel.keys.saved')}</h2>
      <p className="small">{t('tunnel.keys.savedSay')}</p>
      <div className={styles['saved']}>
        <Facts facts={[[t('tunnel.keys.suite'), suiteLabel({ encryption, integrity, bits })], ...facts]} />
      </div>
    </section>
  );
}
