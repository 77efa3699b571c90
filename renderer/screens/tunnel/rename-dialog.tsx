/**
 * Gives a profile another name. Its tunnel, if it is up, goes on.
 * @module
 */
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import type { ProfileAnswer } from '#core/api/profile-contract.ts';
import { IpsecError } from '#core/base/error.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { TextField } from '../../components/field.tsx';
import { useSessionStore } from '../../state/session-context.ts';

/** The dialog. */
export function RenameDialog(props: { readonly profile: ProfileAnswer; readonly onClose: () => void }): ReactElement {
  const { t } = useTranslation();
  const { profile, onClose } = props;
  const store = useSessionStore();
  const [, go] = useLocation();
  const { name } = profile.profile;
  const [to, setTo] = useState(name);
  const [error, setError] = useState('');
  const rename = async (): Promise<void> => {
    try {
      const answer = await store.bridge.call('profile.rename', { name, to });
      await store.refresh();
      onClose();
      go(`/tunnel/${encodeURIComponent(answer.profile.name)}`);
    } catch (refusal) {
      setError(refusal instanceof IpsecError ? `${refusal.message}. ${refusal.hint}` : String(refusal));
    }
  };
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t('tunnel.rename.title', { name })}
      acts={
        <>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button kind="primary" disabled={to.trim() === '' || to === name} onClick={() => void rename()}>
            {t('tunnel.rename.act')}
          </Button>
        </>
      }
    >
      <TextField
        label={t('tunnel.rename.label')}
        hint={t('tunnel.rename.hint')}
        error={error}
        value={to}
        onChange={({ target }) => setTo(target.value)}
        onKeyDown={({ key }) => {
          if (key === 'Enter' && to.trim() !== '' && to !== name) void rename();
        }}
      />
    </Dialog>
  );
}
