/**
 * The head of a tunnel's sheet: what it is called, its word and its sentence, the test, the switch, and what is done
 * seldom.
 * @module
 */
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Banner } from '../../components/banner.tsx';
import { Button } from '../../components/button.tsx';
import { Menu } from '../../components/menu.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { tellRefused } from '../../state/refused-networks.ts';
import { useSession } from '../../state/session-context.ts';
import { isInMachine, type Tunnel } from '../../state/tunnel-list.ts';
import { useConditionSentence } from '../tunnels/condition-sentence.ts';
import { ReaderBanner } from '../tunnels/reader-banner.tsx';
import { TunnelSwitch } from '../tunnels/tunnel-switch.tsx';
import { DeleteDialog } from './delete-dialog.tsx';
import { RefusedBanner } from './refused-banner.tsx';
import { RenameDialog } from './rename-dialog.tsx';
import styles from './tunnel.module.css';

/** The head, with what the profile's problem is under it. */
export function TunnelHead({ tunnel, onTest }: { readonly tunnel: Tunnel; readonly onTest: () => void }): ReactElement {
  const { t } = useTranslation();
  const sentence = useConditionSentence(tunnel);
  const canChange = useSession(({ link, canOperate }) => link.state === 'connected' && canOperate);
  const [open, setOpen] = useState<'rename' | 'delete' | null>(null);
  const close = (): void => setOpen(null);
  const { profile } = tunnel;
  const renaming = { label: t('tunnel.head.rename'), icon: 'edit', onChoose: () => setOpen('rename') } as const;
  const deleting = {
    label: t(profile === null ? 'tunnel.head.destroy' : 'tunnel.head.delete'),
    icon: 'trash',
    onChoose: () => setOpen('delete'),
  } as const;
  return (
    <>
      <header className={`sheet__head ${styles['head'] ?? ''}`}>
        <div className={styles['title']}>
          <div className={styles['name']}>
            <h1>{tunnel.name}</h1>
            <StateBadge condition={tunnel.condition} />
          </div>
          <p className="small">{sentence}</p>
        </div>
        <span className="spacer" />
        <Button icon="diagnose" onClick={onTest} disabled={!canChange} title={t('tunnel.head.test')}>
          <span className={styles['wideOnly']}>{t('tunnel.head.test')}</span>
        </Button>
        {canChange ? (
          <Menu
            label={t('tunnel.head.more')}
            icon="more"
            isIconOnly
            items={profile === null ? [deleting] : [renaming, deleting]}
          />
        ) : null}
        <span className={styles['switch']}>
          <span className={styles['wideOnly']} aria-hidden="true">
            {t(isOn(tunnel) ? 'tunnel.head.on' : 'tunnel.head.off')}
          </span>
          <TunnelSwitch tunnel={tunnel} />
        </span>
      </header>
      <ReaderBanner />
      <Refusal tunnel={tunnel} />
      {open === 'rename' && profile !== null ? <RenameDialog profile={profile} onClose={close} /> : null}
      {open === 'delete' ? <DeleteDialog tunnel={tunnel} onClose={close} /> : null}
    </>
  );
}

/** As the switch stands. */
function isOn({ profile, interface: link }: Tunnel): boolean {
  return profile === null ? link?.isUp === true : profile.phase !== 'off' && profile.phase !== 'failed';
}

/** What the helper refused last, or why a profile is not up, with what helps. */
function Refusal({ tunnel }: { readonly tunnel: Tunnel }): ReactElement | null {
  const { t } = useTranslation();
  const refusal = useSession((session) => session.refusal);
  const isMine = refusal !== null && (refusal.name === tunnel.name || refusal.name === tunnel.interfaceName);
  const { profile } = tunnel;
  if (isMine)
    return (
      <Banner severity="fault" title={refusal.error.message}>
        {refusal.error.hint}
      </Banner>
    );
  const refused = tunnel.condition === 'unknown' ? null : tellRefused(profile);
  if (profile !== null && refused !== null) return <RefusedBanner profile={profile} refused={refused} />;
  // The sentence under the name says what is wrong already.
  const hint = profile?.problem?.hint ?? '';
  if (hint !== '') return <Banner severity="fault" title={hint} />;
  const differs = profile !== null && isInMachine(profile) && profile.revision !== profile.savedRevision;
  return differs && profile.revision !== null ? <Banner severity="note" title={t('tunnel.head.waiting')} /> : null;
}
