/**
 * A tunnel's row picture: the pipe as it is now. Solid walls are keys that are here, dashed walls keys that are not;
 * water is traffic. One drawing a condition, 96 by 32.
 * @module
 */
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Condition } from '../state/tunnel-condition.ts';

const flanges = <path className="ln2" d="M3 2v28M93 2v28" />;
const walls = <path className="ln15" d="M4 6.5H92M4 25.5H92" />;
const outLane = (
  <>
    <path className="run run--slow" d="M8 12H83" />
    <path className="run-head" d="M88 12l-6 -3.5v7z" />
  </>
);

const drawings: Readonly<Record<Condition, ReactElement>> = {
  up: (
    <>
      <path className="water" d="M4 7h88v18H4z" />
      {outLane}
      <path className="run run--slow" d="M88 20H13" />
      <path className="run-head" d="M8 20l6 -3.5v7z" />
      {walls}
      {flanges}
    </>
  ),
  idle: (
    <>
      <path className="water" d="M4 7h88v18H4z" />
      {walls}
      {flanges}
    </>
  ),
  'sends-only': (
    <>
      <path className="water" d="M4 7h88v9H4z" />
      {outLane}
      <path className="dry" style={{ stroke: 'var(--attention-line)', strokeWidth: 1.5 }} d="M88 20H16" />
      <circle className="att" style={{ strokeWidth: 1.5 }} cx="10" cy="20" r="2.5" />
      {walls}
      {flanges}
    </>
  ),
  waiting: (
    <>
      <path className="ln" strokeDasharray="5 4" d="M4 6.5H92M4 25.5H92" />
      <path className="ln" d="M26 7v18" />
      <circle className="att" style={{ strokeWidth: 1.5 }} cx="48" cy="13.5" r="3.5" />
      <path className="att" style={{ strokeWidth: 1.5 }} d="M48 17v6M48 21h3" />
      {flanges}
    </>
  ),
  'keys-end-soon': (
    <>
      <path className="water" d="M4 7h66v18H4z" />
      <path className="run run--slow" d="M8 12H61" />
      <path className="run-head" d="M66 12l-6 -3.5v7z" />
      <path className="run run--slow" d="M66 20H13" />
      <path className="run-head" d="M8 20l6 -3.5v7z" />
      <path className="ln15" d="M4 6.5H71M4 25.5H71" />
      <path className="ln" strokeDasharray="3 3" d="M74 6.5h18M74 25.5h18" />
      <path className="att" d="M71 2v28" />
      <path className="att-f" d="M71 12l6 4-6 4z" />
      {flanges}
    </>
  ),
  error: (
    <>
      <path className="ln15" d="M4 6.5H40M4 25.5H34M58 6.5H92M52 25.5H92" />
      <path className="fau" d="M44 1.5l-6 9 6 4-8 5.5 4 9.5M58 1.5l-6 9 6 4-8 5.5 4 9.5" />
      {flanges}
    </>
  ),
  lost: (
    <>
      <path className="ln15" d="M4 6.5H18M4 25.5H14M82 6.5H92M78 25.5H92" />
      <path className="fau" d="M40 8l16 16M56 8L40 24" />
      {flanges}
    </>
  ),
  blocked: (
    <>
      {walls}
      <path className="inkfill" d="M43 1h10v30H43z" />
      <path d="M48 4v24" stroke="var(--paper)" strokeWidth="1" />
      {flanges}
    </>
  ),
  unconfigured: (
    <>
      <path className="ln15" d="M4 6.5H30M4 25.5H30M66 6.5H92M66 25.5H92" />
      <path className="ln" strokeDasharray="3 3" d="M34 6.5H62M34 25.5H62" />
      {flanges}
    </>
  ),
  off: (
    <>
      <path className="off" d="M4 6.5H92M4 25.5H92" />
      <path className="off" d="M3 2v28M93 2v28" />
      <path className="off" strokeDasharray="1 5" d="M8 22.5H88" />
    </>
  ),
  unknown: (
    <>
      <path className="told" d="M4 6.5H92M4 25.5H92" />
      <path className="told" d="M3 2v28M93 2v28" />
    </>
  ),
};

/** The pipe of a tunnel in `condition`. */
export function Pipe({ condition }: { readonly condition: Condition }): ReactElement {
  const { t } = useTranslation();
  return (
    <svg className="pipe" viewBox="0 0 96 32" role="img" aria-label={t(`condition.${condition}.word`)}>
      {drawings[condition]}
    </svg>
  );
}
