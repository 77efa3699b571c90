/**
 * Section A-A: the pipe cut across, with its three lengths. Outside and bore are drawn as rings; the wall between them
 * is what ESP adds.
 * @module
 */
import type { ReactElement } from 'react';
import { path, word, type Shape } from './hero/shape.ts';
import { Shapes } from './shapes.tsx';

/** What is written beside a ring: its measure, then what it is. */
export type SectionLine = { readonly measure: string; readonly what: readonly string[] };

const left = 140;

/** The section; `isTold` where nothing of it is in the machine. */
export function Section(props: {
  readonly outside: SectionLine;
  readonly bore: SectionLine;
  readonly wall: SectionLine;
  readonly label: string;
  readonly isTold: boolean;
}): ReactElement {
  const ring = props.isTold ? 'told' : 'ln2';
  return (
    <svg className="d" viewBox="0 0 248 136" role="img" aria-label={props.label}>
      <circle className={ring} cx="64" cy="66" r="54" />
      <circle className={ring} cx="64" cy="66" r="44" style={props.isTold ? undefined : { fill: 'var(--flow-tint)' }} />
      <path className="lead" strokeDasharray="6 2 1 2" d="M4 66H122M64 6V126" />
      <Shapes
        shapes={[
          path('lead', 'M102 28L128 20H136M95 35L128 54H136M112 78L128 88H136'),
          ...lines(props.outside, 17),
          ...lines(props.bore, 51),
          ...lines(props.wall, 85),
        ]}
      />
      <circle className="inkfill" cx="102" cy="28" r="2" />
      <circle className="inkfill" cx="95" cy="35" r="2" />
      <circle className="inkfill" cx="112" cy="78" r="2" />
    </svg>
  );
}

function lines({ measure, what }: SectionLine, y: number): Shape[] {
  return [
    ...word('t-dim', left, y, measure),
    ...what.flatMap((text, index) => word('t-3', left, y + 14 * (index + 1), text)),
  ];
}
