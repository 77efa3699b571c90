/**
 * The tunnel's picture, live. Two drawings lie in the page and the sheet's width chooses; the data band is a table for
 * whoever does not see it.
 * @module
 */
import { useId, type ReactElement } from 'react';
import { drawHero } from './hero/hero-drawing.ts';
import type { BandCell, HeroScene } from './hero/scene.ts';
import { narrowLayout, wideLayout, type SheetLayout } from './hero/sheet-layout.ts';
import styles from './hero.module.css';
import { Shapes } from './shapes.tsx';

/** The picture of `scene`. */
export function Hero({ scene }: { readonly scene: HeroScene }): ReactElement {
  return (
    <>
      <Sheet scene={scene} layout={wideLayout} className={styles['wide']} />
      <Sheet scene={scene} layout={narrowLayout} className={styles['narrow']} />
      <BandTable scene={scene} />
    </>
  );
}

function Sheet(props: {
  readonly scene: HeroScene;
  readonly layout: SheetLayout;
  readonly className: string | undefined;
}): ReactElement {
  const { scene, layout, className } = props;
  const earth = useId();
  return (
    <svg
      className={`d hero ${className ?? ''}`}
      viewBox={`0 0 ${layout.width} ${layout.height}`}
      role="img"
      aria-label={scene.label}
      style={{ ['--earth' as string]: `url(#${earth})` }}
    >
      <defs>
        <pattern id={earth} width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <path className="earth" d="M0 0V8" />
        </pattern>
      </defs>
      <Shapes shapes={drawHero(scene, layout)} />
    </svg>
  );
}

function BandTable({ scene: { band } }: { readonly scene: HeroScene }): ReactElement {
  return (
    <table className="sr">
      <caption>{band.title}</caption>
      <thead>
        <tr>
          <td />
          {band.stations.map(({ id, title }) => (
            <th key={id} scope="col">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {(['out', 'in'] as const).map((direction) => (
          <tr key={direction}>
            <th scope="row">{band[direction]}</th>
            {band.stations.map((station) => (
              <td key={station.id}>{spoken(station[direction])}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function spoken({ value, note }: BandCell): string {
  return note === null ? value : `${value}, ${note}`;
}
