/**
 * A list of names and values, as in a manual page.
 * @module
 */
import type { ReactElement } from 'react';

/** Name, value, and `bits` where the value could be typed into a terminal. */
export type Fact = readonly [name: string, value: string, face?: 'bits'];

/** The list. */
export function Facts({ facts }: { readonly facts: readonly Fact[] }): ReactElement {
  return (
    <dl className="kv">
      {facts.map(([name, value, face]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className={face}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
