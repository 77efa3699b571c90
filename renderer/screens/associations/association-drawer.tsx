/**
 * One association in full: its life, what it carried and refused, what it is, and what setkey says of it. No key.
 * @module
 */
import { formatSpi } from '#core/base/spi-text.ts';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { AssociationStatus } from '#core/api/contract.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Drawer, DrawerPart } from '../../components/drawer.tsx';
import { Facts } from '../../components/facts.tsx';
import { Menu } from '../../components/menu.tsx';
import { ReplayBitmap } from '../../drawing/replay-window.tsx';
import { LifetimeRing } from '../../drawing/lifetime-ring.tsx';
import type { AssociationRow } from '../../state/association-row.ts';
import { useReplayWindows } from '../../state/use-replay-windows.ts';
import { makeChange } from '../../state/change.ts';
import {
  formatBytes,
  formatClock,
  formatCount,
  formatDuration,
  formatEndpoint,
  formatRough,
} from '../../state/format.ts';
import { useAgo } from '../../state/use-ago.ts';
import { useNow } from '../../state/live/now.ts';
import { useSession, useSessionStore } from '../../state/session-context.ts';
import { copyNames, copyText } from './association-copies.ts';
import { AssociationDump } from './association-dump.tsx';
import styles from './associations.module.css';
import { deleteAssociation } from './delete-association.ts';

/** The drawer of `row`. */
export function AssociationDrawer(props: { readonly row: AssociationRow; readonly onClose: () => void }): ReactElement {
  const { t } = useTranslation();
  const { row, onClose } = props;
  const { association } = row;
  const spi = formatSpi(row.spi);
  const where = [row.tunnel, row.direction === null ? null : t(`associations.${row.direction}`), row.inner];
  return (
    <Drawer
      title={<span className="bits">{spi}</span>}
      label={t('associations.drawer.label', { spi })}
      subtitle={[...where.filter((word) => word !== null && word !== ''), row.state].join(', ')}
      foot={<Foot row={row} onGone={onClose} />}
      onClose={onClose}
    >
      <p className={`small ${styles.stateSay}`}>{t(`associations.state.${row.state}`)}</p>
      {association === null ? null : (
        <>
          <Replay row={row} association={association} />
          <Life row={row} association={association} />
          <Traffic row={row} association={association} />
          <Identity row={row} association={association} />
        </>
      )}
      <AssociationDump row={row} />
    </Drawer>
  );
}

type PartProps = { readonly row: AssociationRow; readonly association: AssociationStatus };

function Replay({ row, association }: PartProps): ReactElement | null {
  const { t } = useTranslation();
  const picture = useReplayWindows(row.direction === 'out' ? [] : [association]).get(association.id);
  if (picture === undefined) return null;
  return (
    <DrawerPart title={t('replay.title')} note={t('replay.note', { size: formatCount(picture.size) })}>
      <ReplayBitmap picture={picture} refused={association.usage.replayDrops} />
    </DrawerPart>
  );
}

function Life({ row, association }: PartProps): ReactElement {
  const { t } = useTranslation();
  const nowMs = useNow();
  const say = (key: string, values: Record<string, string | number> = {}): string =>
    t(`associations.drawer.${key}`, values);
  const { hard, soft, usage, createdMs } = association;
  const ofLimit = (used: string, limit: string | null): string =>
    limit === null ? say('noLimit', { used }) : say('timeOf', { used, limit });
  const facts: [string, string][] = [
    [
      say('time'),
      ofLimit(formatDuration(nowMs - createdMs), hard.addSeconds === 0 ? null : formatDuration(hard.addSeconds * 1000)),
    ],
    [say('bytes'), ofLimit(formatBytes(usage.bytes), hard.bytes === 0 ? null : formatBytes(hard.bytes))],
    [say('packets'), ofLimit(formatCount(usage.packets), hard.packets === 0 ? null : formatCount(hard.packets))],
    ...(soft.addSeconds === 0
      ? []
      : ([[say('softMark'), formatClock(createdMs + soft.addSeconds * 1000)]] as [string, string][])),
    ...(row.endsMs === null ? [] : ([[say('ends'), formatClock(row.endsMs)]] as [string, string][])),
  ];
  return (
    <DrawerPart title={say('lifetime')} note={row.life === null ? null : say('lifetimeNote')}>
      {row.life === null ? (
        <>
          <p className="small">{say('noLife')}</p>
          <Facts facts={facts} />
        </>
      ) : (
        <div className={styles.lifetime}>
          <LifetimeRing life={row.life} size={88} />
          <Facts facts={facts} />
        </div>
      )}
    </DrawerPart>
  );
}

function Traffic({ row, association }: PartProps): ReactElement {
  const { t } = useTranslation();
  const tellAgo = useAgo();
  const say = (key: string): string => t(`associations.drawer.${key}`);
  const { usage } = association;
  const ago = (atMs: number): string => (atMs === 0 ? t('associations.never') : tellAgo(atMs, formatRough));
  return (
    <DrawerPart title={say('traffic')}>
      <Facts
        facts={[
          [say('sequence'), formatCount(usage.sequence)],
          [say('firstUsed'), ago(usage.firstUsedMs)],
          [say('used'), ago(usage.lastUsedMs)],
          ...(usage.pathMtu === 0 ? [] : ([[say('pathMtu'), formatCount(usage.pathMtu)]] as [string, string][])),
          ...(row.direction === 'in'
            ? ([
                [say('replayed'), formatCount(usage.replayDrops)],
                [say('notAuthentic'), formatCount(usage.authenticationFailures)],
              ] as [string, string][])
            : []),
        ]}
      />
      {row.direction === 'out' ? <p className="note">{say('outNotCounted')}</p> : null}
    </DrawerPart>
  );
}

function Identity({ row, association }: PartProps): ReactElement {
  const { t } = useTranslation();
  const say = (key: string, values: Record<string, string | number> = {}): string =>
    t(`associations.drawer.${key}`, values);
  const { source, destination, ports, protocol, mode, reqid, replayBytes, hasEsn, createdMs, interfaces } = association;
  const bits = association.encryptionKeyBits;
  return (
    <DrawerPart title={say('identity')}>
      <Facts
        facts={[
          [say('source'), formatEndpoint(source, ports?.source ?? 0), 'bits'],
          [say('destination'), formatEndpoint(destination, ports?.destination ?? 0), 'bits'],
          [say('protocol'), `${protocol}/${mode}`, 'bits'],
          [say('reqid'), String(reqid), 'bits'],
          [say('suite'), row.suite ?? ''],
          [say('keyBits'), say('keyBitsValue', { bits })],
          [say('created'), new Date(createdMs).toLocaleString('en-GB')],
          [
            say('window'),
            replayBytes === 0 ? say('noWindow') : say('windowValue', { packets: formatCount(replayBytes * 8) }),
          ],
          [say('esn'), say(hasEsn ? 'esnOn' : 'esnOff')],
          [say('interfaces'), interfaces.length === 0 ? '–' : interfaces.join(', '), 'bits'],
        ]}
      />
    </DrawerPart>
  );
}

function Foot({ row, onGone }: { readonly row: AssociationRow; readonly onGone: () => void }): ReactElement {
  const { t } = useTranslation();
  const store = useSessionStore();
  const canOperate = useSession((session) => session.canOperate && session.link.state === 'connected');
  const [isAsking, setAsking] = useState(false);
  const spi = formatSpi(row.spi);
  const copy = (text: string): void => void store.bridge.call('shell.copy', { text, isSecret: false }).catch(() => {});
  const remove = async (): Promise<void> => {
    setAsking(false);
    const isMade = await makeChange(store, spi, (bridge) => deleteAssociation(bridge, row));
    if (isMade) onGone();
  };
  const consequence = row.direction === null || row.tunnel === null ? 'none' : row.direction;
  return (
    <>
      <Menu
        label={t('associations.copyAs')}
        icon="copy"
        items={copyNames.map((name) => ({
          label: t(`associations.copy.${name}`),
          onChoose: () => copy(copyText(row, name)),
        }))}
      />
      <span className="spacer" />
      {canOperate ? (
        <Button kind="fault" icon="trash" onClick={() => setAsking(true)}>
          {t('associations.delete')}
        </Button>
      ) : null}
      <Dialog
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        title={t('associations.deleteTitle', { spi })}
        acts={
          <>
            <Button onClick={() => setAsking(false)}>{t('associations.keepIt')}</Button>
            <Button kind="fault" onClick={() => void remove()}>
              {t('associations.deleteIt')}
            </Button>
          </>
        }
      >
        <p>{t(`associations.deleteSay.${consequence}`, { tunnel: row.tunnel ?? '' })}</p>
      </Dialog>
    </>
  );
}
