/**
 * The ladder of checks: one rung a check, in order, with what was seen; where a rung is broken, what that means and what
 * to do. The mark's shape says the state, its word repeats it.
 * @module
 */
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { CheckView } from '#core/api/desktop-contract.ts';
import styles from './ladder.module.css';

const marks: Readonly<Record<CheckView['state'], ReactElement>> = {
  passed: <path className="ln15" d="M2 8.5l4 4 8-9" />,
  failed: <path className="fau" d="M3 3l10 10M13 3L3 13" />,
  skipped: <path className="told" d="M3 8h10" />,
  unknown: <circle className="told" cx="8" cy="8" r="5" />,
};

/** The rungs of `checks`. */
export function Ladder({ checks }: { readonly checks: readonly CheckView[] }): ReactElement {
  const { t } = useTranslation();
  return (
    <ol className={styles['ladder']}>
      {checks.map((check) => (
        <li key={check.id} className={styles[check.state]}>
          <svg viewBox="0 0 16 16" aria-hidden="true">
            {marks[check.state]}
          </svg>
          <b>
            {check.title}
            <span className="sr">, {t(`tunnel.ladder.states.${check.state}`)}</span>
          </b>
          <p className={styles['evidence']}>{check.evidence}</p>
          {check.meaning === '' ? null : <p>{check.meaning}</p>}
          {check.remedy === '' ? null : <p className={styles['remedy']}>{check.remedy}</p>}
        </li>
      ))}
    </ol>
  );
}
