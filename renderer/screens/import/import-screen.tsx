/**
 * Tunnels out of texts of this and other systems: files or a pasted text go to the helper, what they would make and what
 * has no place is shown, and it is made. Keys go to the helper and are shown by nobody.
 * @module
 */
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { ImportAnswer } from '#core/api/profile-contract.ts';
import { Button } from '../../components/button.tsx';
import { Field } from '../../components/field.tsx';
import { useSessionStore } from '../../state/session-context.ts';
import { ImportFound } from './import-found.tsx';
import { ImportUnmapped } from './import-unmapped.tsx';
import { useImport, type Import } from './use-import.ts';
import styles from './import.module.css';

/** The sheet. */
export function ImportScreen(): ReactElement {
  const { t } = useTranslation();
  const read = useImport();
  const { answer } = read;
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
        <Source read={read} />
        {answer?.token == null ? null : <ImportFound key={answer.token} answer={answer} token={answer.token} />}
        {answer === null || answer.profiles.length === 0 ? null : <ImportUnmapped unmapped={answer.unmapped} />}
      </div>
    </>
  );
}

/** Where the text comes from. */
function Source({ read }: { readonly read: Import }): ReactElement {
  const { t } = useTranslation();
  const { bridge } = useSessionStore();
  const [tooLong, setTooLong] = useState<string | null>(null);
  const { text, fileNames, answer, fault, type, add } = read;
  const choose = async (): Promise<void> => {
    setTooLong(null);
    try {
      const { file } = await bridge.call('shell.openFile', {});
      if (file !== null) add(file);
    } catch (error) {
      setTooLong(error instanceof Error ? error.message : String(error));
    }
  };
  const why = tooLong ?? fault?.message ?? whyNothing(answer);
  const isHeld = answer?.profiles.some(({ hasKeys }) => hasKeys) === true;
  return (
    <>
      <Field
        label={t('import.label')}
        hint={t(isHeld ? 'import.held' : 'import.hint')}
        error={why === null ? undefined : t('import.fault', { message: why === '' ? t('import.nothing') : why })}
        render={(tie) => (
          <textarea
            className={`input input--bits ${styles['text'] ?? ''}`}
            rows={8}
            spellCheck={false}
            {...tie}
            value={text}
            onChange={({ target }) => type(target.value)}
          />
        )}
      />
      <div className={styles['acts']}>
        <Button icon="import" onClick={() => void choose()}>
          {t(fileNames.length === 0 ? 'import.choose' : 'import.chooseMore')}
        </Button>
        <span className={`${styles['files'] ?? ''} bits`}>{fileNames.join(', ')}</span>
      </div>
    </>
  );
}

/** Null while there is something; the first reason, with its line, where there is nothing; empty where none is known. */
function whyNothing(answer: ImportAnswer | null): string | null {
  if (answer === null || answer.profiles.length > 0) return null;
  const [first] = answer.unmapped;
  if (first === undefined) return '';
  return first.line === 0 ? first.why : `line ${first.line}: ${first.why}`;
}
