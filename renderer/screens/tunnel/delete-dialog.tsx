/**
 * Asks before a tunnel is deleted: a profile, which is taken down first, or an interface that was made by hand.
 * @module
 */
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { IpsecError } from '#core/base/error.ts';
import { Banner } from '../../components/banner.tsx';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { useSessionStore } from '../../state/session-context.ts';
import type { SessionStore } from '../../state/session.ts';
import type { Tunnel } from '../../state/tunnel-list.ts';

/** The dialog. */
export function DeleteDialog({
  tunnel,
  onClose,
}: {
  readonly tunnel: Tunnel;
  readonly onClose: () => void;
}): ReactElement {
  const { t } = useTranslation();
  const store = useSessionStore();
  const [, go] = useLocation();
  const [error, setError] = useState<IpsecError | null>(null);
  const [isBusy, setBusy] = useState(false);
  const { name, profile } = tunnel;
  const remove = async (): Promise<void> => {
    setBusy(true);
    try {
      await deleteTunnel(store, tunnel);
      onClose();
      go('/tunnels');
      await store.refresh();
    } catch (refusal) {
      if (refusal instanceof IpsecError) setError(refusal);
      setBusy(false);
    }
  };
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t('tunnel.delete.title', { name })}
      acts={
        <>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button kind="fault" icon="trash" disabled={isBusy} onClick={() => void remove()}>
            {t('tunnel.delete.act')}
          </Button>
        </>
      }
    >
      <p>
        {t(profile === null ? 'tunnel.delete.handSay' : 'tunnel.delete.say')}
        {profile !== null && profile.phase !== 'off' ? ` ${t('tunnel.delete.upSay')}` : ''}
      </p>
      {error === null ? null : (
        <Banner severity="fault" title={error.message}>
          {error.hint}
        </Banner>
      )}
    </Dialog>
  );
}

async function deleteTunnel({ bridge }: SessionStore, { name, profile }: Tunnel): Promise<void> {
  if (profile === null) {
    await bridge.call('interface.destroy', { name });
    return;
  }
  if (profile.phase !== 'off') await bridge.call('profile.down', { name });
  await bridge.call('profile.delete', { name });
}
