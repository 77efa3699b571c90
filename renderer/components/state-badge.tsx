/**
 * A condition as shape and word; the colour only repeats them.
 * @module
 */
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Condition } from '../state/tunnel-condition.ts';

const shapes: Readonly<Record<Condition, { readonly tone: string; readonly path: string; readonly dashes?: string }>> =
  {
    up: { tone: 'up', path: 'M1 4h10M8 1l3 3M11 8H1M4 11L1 8' },
    idle: { tone: 'up', path: 'M1 4h10M11 8H1' },
    'sends-only': { tone: 'oneway', path: 'M1 4h10M8 1l3 3M10 9H9M6 9H5M2 9H1' },
    waiting: { tone: 'waiting', path: 'M10.5 6a4.5 4.5 0 11-9 0 4.5 4.5 0 019 0z', dashes: '2.4 2.3' },
    'keys-end-soon': { tone: 'expiring', path: 'M6 1.5A4.5 4.5 0 111.5 6M6 3v3h2.5' },
    error: { tone: 'error', path: 'M0.5 6H4l2-4 1.5 8L9 6h2.5' },
    lost: { tone: 'error', path: 'M1 3.5h2M9 3.5h2M1 8.5h2M9 8.5h2M4 4l4 4M8 4l-4 4' },
    blocked: { tone: 'blocked', path: 'M1 6h3.5M6 1v10M8 1v10' },
    unconfigured: { tone: 'waiting', path: 'M1 3.5h3M8 3.5h3M1 8.5h3M8 8.5h3' },
    off: { tone: 'off', path: 'M1 3.5h10M1 8.5h10' },
    unknown: { tone: 'unknown', path: 'M1 3.5h10M1 8.5h10', dashes: '2 2' },
  };

/** The badge of `condition`. Children stand between shape and word, as a count does. */
export function StateBadge(props: { readonly condition: Condition; readonly count?: number }): ReactElement {
  const { t } = useTranslation();
  const { tone, path, dashes } = shapes[props.condition];
  return (
    <span className={`state state--${tone}`}>
      <svg viewBox="0 0 12 12" aria-hidden="true">
        <path d={path} strokeDasharray={dashes} />
      </svg>
      {props.count === undefined ? (
        t(`condition.${props.condition}.word`)
      ) : (
        <>
          {props.count}
          <span className="word">{t(`condition.${props.condition}.many`, { count: props.count })}</span>
        </>
      )}
    </span>
  );
}
