/**
 * A band across a sheet: what is wrong, the fact behind it, and the act that helps. At most one problem at a time.
 * @module
 */
import type { ReactElement, ReactNode } from 'react';
import { Icon } from './icon.tsx';

const icons = { fault: 'stop', attention: 'warn', note: 'bell' } as const;

/** The banner. A fault interrupts assistive technology, the others wait. */
export function Banner(props: {
  readonly severity: 'fault' | 'attention' | 'note';
  readonly title: ReactNode;
  readonly children?: ReactNode;
  /** Facts instead of children: one is a paragraph, several are a list. */
  readonly facts?: readonly string[];
  readonly acts?: ReactNode;
}): ReactElement {
  const { severity, title, children, facts = [], acts } = props;
  const [only = ''] = facts;
  return (
    <div
      className={`banner${severity === 'fault' ? '' : ` banner--${severity}`}`}
      role={severity === 'fault' ? 'alert' : 'status'}
    >
      <Icon name={icons[severity]} size={20} />
      <div>
        <b>{title}</b>
        {children === undefined || children === '' ? null : <p>{children}</p>}
        {facts.length === 1 ? <p>{only}</p> : null}
        {facts.length > 1 ? (
          <ul>
            {facts.map((fact) => (
              <li key={fact}>{fact}</li>
            ))}
          </ul>
        ) : null}
      </div>
      {acts === undefined ? null : <div className="banner__acts">{acts}</div>}
    </div>
  );
}
