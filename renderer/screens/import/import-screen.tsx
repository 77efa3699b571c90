/**
 * A tunnel that the other end has made for this one: a file or a pasted text becomes a profile, what it would make is
 * shown, and it is made. Keys go from the text to the helper and stay nowhere.
 * @module
 */
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import { IpsecError } from '#core/base/error.ts';
import { readProfileText } from '#core/profile/import/profile-text.ts';
import { Banner } from '../../components/banner.tsx';
import { Button } from '../../components/button.tsx';
import { Field } from '../../components/field.tsx';
import { makeTunnel } from '../../draft/make-tunnel.ts';
import { useSession, useSessionStore } from '../../state/session-context.ts';
import { ImportPreview } from './import-preview.tsx';
import styles from './import.module.css';

type Read = ReturnType<typeof readProfileText>;

/** The sheet. */
export function ImportScreen(): ReactElement {
  const { t } = useTranslation();
  const { bridge } = useSessionStore();
  const [text, setText] = useState('');
  const [read, setRead] = useState<Read | IpsecError | null>(null);
  // A text with keys is taken off the screen as soon as it is understood.
  const look = (content: string): void => {
    const found = content.trim() === '' ? null : readOrRefuse(content);
    const holdsKeys = found !== null && !(found instanceof IpsecError) && found.secrets !== null;
    setText(holdsKeys ? '' : content);
    setRead(found);
  };
  const choose = async (): Promise<void> => {
    const { file } = await bridge.call('shell.openFile', {});
    if (file !== null) look(file.text);
  };
  const holdsRead = read !== null && text === '';
  return (
    <>
      <header className="sheet__head">
        <h1>{t('import.title')}</h1>
        <span className="spacer" />
        <Link className="button" href="/wizard">
          {t('import.back')}
        </Link>
      </header>
      <div className={`sheet__body ${styles['body'] ?? ''}`}>
        <p className={styles['lead']}>{t('import.lead')}</p>
        <Field
          label={t('import.label')}
          hint={t(holdsRead ? 'import.held' : 'import.hint')}
          error={read instanceof IpsecError ? t('import.fault', { message: read.message }) : undefined}
          render={(tie) => (
            <textarea
              className={`input input--bits ${styles['text'] ?? ''}`}
              rows={8}
              spellCheck={false}
              {...tie}
              value={text}
              onChange={({ target }) => look(target.value)}
            />
          )}
        />
        <div className={styles['acts']}>
          <Button icon="import" onClick={() => void choose().catch(() => {})}>
            {t('import.choose')}
          </Button>
        </div>
        {read === null || read instanceof IpsecError ? null : <Found read={read} />}
      </div>
    </>
  );
}

function Found({ read }: { readonly read: Read }): ReactElement {
  const { t } = useTranslation();
  const [, navigate] = useLocation();
  const store = useSessionStore();
  const canMake = useSession(({ link, canOperate }) => link.state === 'connected' && canOperate);
  const [isMaking, setMaking] = useState(false);
  const [refusal, setRefusal] = useState<IpsecError | null>(null);
  const { profile, secrets } = read;
  const make = async (): Promise<void> => {
    setMaking(true);
    try {
      const name = await makeTunnel(store.bridge, { profile, pasted: secrets, made: null });
      await store.refresh().catch(() => {});
      navigate(`/tunnel/${encodeURIComponent(name)}`);
    } catch (error) {
      if (!(error instanceof IpsecError)) throw error;
      setRefusal(error);
      setMaking(false);
    }
  };
  return (
    <>
      <ImportPreview profile={profile} />
      {secrets === null ? (
        <Banner severity="attention" title={t('import.noKeys')}>
          {t('import.noKeysHint')}
        </Banner>
      ) : null}
      {refusal === null ? null : (
        <Banner severity="fault" title={t('import.refused', { message: refusal.message })}>
          {refusal.hint}
        </Banner>
      )}
      <div className={styles['acts']}>
        <Button kind="primary" disabled={!canMake || secrets === null || isMaking} onClick={() => void make()}>
          {t(isMaking ? 'import.making' : 'import.make')}
        </Button>
      </div>
    </>
  );
}

function readOrRefuse(text: string): Read | IpsecError {
  try {
    return readProfileText(text);
  } catch (error) {
    if (error instanceof IpsecError) return error;
    throw error;
  }
}
