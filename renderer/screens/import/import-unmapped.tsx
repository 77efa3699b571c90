/**
 * What of imported texts a profile has no place for, line by line.
 * @module
 */
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ImportAnswer } from '#core/api/profile-contract.ts';
import { asSentences } from '../../text/sentence.ts';
import styles from './import.module.css';

/** So many lines are shown; the others are counted. */
const mostShown = 100;

/** The list; nothing where everything has its place. */
export function ImportUnmapped({ unmapped }: { readonly unmapped: ImportAnswer['unmapped'] }): ReactElement | null {
  const { t } = useTranslation();
  if (unmapped.length === 0) return null;
  return (
    <section className={styles['unmapped']}>
      <h2>{t('import.unmapped')}</h2>
      <ul>
        {unmapped.slice(0, mostShown).map(({ file, line, text, why }, at) => (
          <li key={at}>
            <span className={styles['place']}>{placeOf(file, line === 0 ? '' : t('import.line', { line }))}</span>
            <span>
              {text === '' ? null : <code className="bits">{text}</code>} {asSentences(why)}
            </span>
          </li>
        ))}
      </ul>
      {unmapped.length > mostShown ? <p>{t('import.moreLines', { count: unmapped.length - mostShown })}</p> : null}
    </section>
  );
}

function placeOf(file: string, line: string): string {
  return [file.split('/').at(-1) ?? '', line].filter((part) => part !== '').join(', ');
}
