/**
 * A part of the settings: a rule, a head at the left, what is set at the right.
 * @module
 */
import type { ReactElement, ReactNode } from 'react';
import styles from './settings.module.css';

/** The part; `say` stands under its head. */
export function SettingsPart(props: {
  readonly title: string;
  readonly say?: string | undefined;
  readonly children: ReactNode;
}): ReactElement {
  const { title, say, children } = props;
  return (
    <section className={styles.part}>
      <div>
        <h2>{title}</h2>
        {say === undefined ? null : <p className="small">{say}</p>}
      </div>
      <div className={styles.body}>{children}</div>
    </section>
  );
}
