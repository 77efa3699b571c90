/**
 * Licences of all that the package carries, in full, behind a button of About. Outside of a package it says where they are.
 * @module
 */
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { TextBlock } from '../../components/text-block.tsx';
import { useSessionStore } from '../../state/session-context.ts';
import styles from './settings.module.css';

/** The button, and the dialog that it opens. */
export function Licences(): ReactElement {
  const { t } = useTranslation();
  const { bridge } = useSessionStore();
  const [text, setText] = useState<string | null>(null);
  const open = (): void => {
    bridge.call('shell.licenses', {}).then(
      (answer) => setText(answer.text ?? t('settings.noLicences')),
      () => setText(t('settings.noLicences')),
    );
  };
  const close = (): void => setText(null);
  return (
    <>
      <Button size="small" onClick={open}>
        {t('settings.licences')}
      </Button>
      <Dialog
        isOpen={text !== null}
        onClose={close}
        title={t('settings.licences')}
        isWide
        acts={<Button onClick={close}>{t('action.close')}</Button>}
      >
        <div className={styles.licences}>
          <TextBlock text={text ?? ''} language="plain" label={t('settings.licences')} />
        </div>
      </Dialog>
    </>
  );
}
