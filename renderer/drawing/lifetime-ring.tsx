/**
 * The life of an association as a ring: time outside, bytes inside, a tick at the soft mark. Past the mark the ring
 * turns to attention; a life without end is an empty bed.
 * @module
 */
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Lifespan } from '../state/association-row.ts';

/** The ring, `size` pixels wide. */
export function LifetimeRing({ life, size }: { readonly life: Lifespan; readonly size: 22 | 88 }): ReactElement {
  const { t } = useTranslation();
  const { time, bytes, soft } = life;
  const width = size / 8.8;
  const outer = (size - width) / 2 - 1;
  const inner = outer - width - 1;
  const isLate = soft !== null && time !== null && time >= soft;
  const percent = (share: number | null): string => (share === null ? t('ring.none') : `${Math.round(share * 100)} %`);
  return (
    <svg
      className="ring"
      width={size}
      height={size}
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label={t('ring.label', { time: percent(time), bytes: percent(bytes) })}
    >
      <circle className="bed" cx={size / 2} cy={size / 2} r={outer} strokeWidth={width} />
      <circle className="bed" cx={size / 2} cy={size / 2} r={inner} strokeWidth={width} />
      {time === null ? null : (
        <path className={`time${isLate ? ' late' : ''}`} strokeWidth={width} d={arc(size, outer, time)} />
      )}
      {bytes === null ? null : <path className="bytes" strokeWidth={width} d={arc(size, inner, bytes)} />}
      {soft === null ? null : <path className="soft" d={tick(size, outer, width, soft)} />}
    </svg>
  );
}

/** From twelve o'clock, clockwise; a full turn stops just short of its beginning, which would be no arc at all. */
function arc(size: number, radius: number, share: number): string {
  const turn = Math.min(Math.max(share, 0), 0.9999);
  const [x, y] = pointAt(size, radius, turn);
  const start = (size / 2 - radius).toFixed(2);
  return `M${size / 2} ${start}A${radius.toFixed(2)} ${radius.toFixed(2)} 0 ${turn > 0.5 ? 1 : 0} 1 ${x} ${y}`;
}

function tick(size: number, radius: number, width: number, share: number): string {
  const [x1, y1] = pointAt(size, radius - width, share);
  const [x2, y2] = pointAt(size, radius + width / 2 + 1, share);
  return `M${x1} ${y1}L${x2} ${y2}`;
}

function pointAt(size: number, radius: number, share: number): readonly [string, string] {
  const angle = share * 2 * Math.PI;
  return [(size / 2 + radius * Math.sin(angle)).toFixed(2), (size / 2 - radius * Math.cos(angle)).toFixed(2)];
}
