/**
 * A replay window (RFC 4303 §3.4.3): oldest left, newest right; filled came, open has not come. The strip shows all of it,
 * the bitmap its newest numbers, one cell each, 64 in a row.
 * @module
 */
import { useMemo, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { formatCount } from '../state/format.ts';
import { seenStretches, type ReplayPicture } from '../state/replay-picture.ts';

const strip = { width: 96, height: 14, inset: 2 } as const;
const bitmap = { columns: 64, rows: 16, cell: 4, pitch: 5 } as const;

/** Numbers that the bitmap shows. */
const cellsShown = bitmap.columns * bitmap.rows;

/** All of it, at a glance. */
export function ReplayStrip({ picture }: { readonly picture: ReplayPicture }): ReactElement {
  const label = useLabel(picture);
  const path = useMemo(() => {
    const { width, inset } = strip;
    const span = width - 2 * inset;
    return seenStretches(picture, span)
      .map(
        ({ from, to }) =>
          `M${fixed(inset + from * span)} 4h${fixed((to - from) * span)}v6h-${fixed((to - from) * span)}z`,
      )
      .join('');
  }, [picture]);
  const { width, height } = strip;
  return (
    <svg className="win" width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
      <title>{label}</title>
      <rect className="bx" x=".5" y="2.5" width={width - 1} height="9" />
      <path className="on" d={path} />
    </svg>
  );
}

/** Its newest numbers, with what the ends are called and what the cells mean. */
export function ReplayBitmap(props: { readonly picture: ReplayPicture; readonly refused: number }): ReactElement {
  const { t } = useTranslation();
  const { picture, refused } = props;
  const { came, missing, newest, seen, size } = picture;
  const label = useLabel(picture);
  const shown = Math.min(seen.length, cellsShown);
  const { on, open, width, height } = useMemo(() => cellsOf(picture), [picture]);
  if (newest === 0) return <p className="small">{t('replay.empty', { size: formatCount(size) })}</p>;
  return (
    <figure className="replay">
      {size > cellsShown ? <ReplayStrip picture={picture} /> : null}
      <svg
        className="bitmap"
        width={width}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={label}
      >
        <path className="on" d={on} />
        <path className="miss" d={open} />
      </svg>
      <div className="replay__scale note" style={{ width }}>
        <span>
          {t(shown < seen.length ? 'replay.from' : 'replay.oldest', { number: formatCount(newest - shown + 1) })}
        </span>
        <span>{t('replay.newest', { number: formatCount(newest) })}</span>
      </div>
      <figcaption className="small">
        <span>
          <i className="replay__key replay__key--on" />
          {t('replay.came', { number: formatCount(came) })}
        </span>
        <span>
          <i className="replay__key" />
          {t('replay.missing', { number: formatCount(missing) })}
        </span>
        <span className={refused > 0 ? 'is-fault' : ''}>
          {t('replay.refused', { count: refused, number: formatCount(refused) })}
        </span>
      </figcaption>
    </figure>
  );
}

function useLabel({ came, missing, size }: ReplayPicture): string {
  const { t } = useTranslation();
  const numbers = { size: formatCount(size), came: formatCount(came), missing: formatCount(missing) };
  return t('replay.label', numbers);
}

/** Cells from the oldest that is shown; the newest is the last of the last row. */
function cellsOf({ seen, size }: ReplayPicture): { on: string; open: string; width: number; height: number } {
  const { columns, cell, pitch } = bitmap;
  const across = Math.min(columns, size);
  const shown = Math.min(seen.length, cellsShown);
  const rows = Math.ceil(shown / across);
  const lead = rows * across - shown;
  const paths = { on: '', open: '' };
  for (let index = 0; index < shown; index++) {
    const place = lead + index;
    const x = (place % across) * pitch;
    const y = Math.floor(place / across) * pitch;
    if (seen[seen.length - shown + index] === 1) paths.on += `M${x} ${y}h${cell}v${cell}h-${cell}z`;
    else paths.open += `M${x + 0.5} ${y + 0.5}h${cell - 1}v${cell - 1}h-${cell - 1}z`;
  }
  return { ...paths, width: across * pitch - 1, height: Math.max(cell, rows * pitch - 1) };
}

function fixed(value: number): string {
  return value.toFixed(2);
}
