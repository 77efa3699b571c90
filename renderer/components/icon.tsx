/**
 * The icons: lines of 1.5 px on a grid of 20, as in build/icons/sprite.svg. An icon is never the only name of a thing.
 * @module
 */
import type { ReactElement } from 'react';

const paths = {
  tunnels: 'M2.5 6.5h15M2.5 13.5h15M5 4v12M15 4v12',
  associations: 'M3 6.5h11M11 3.5l3 3-3 3M17 13.5H6M9 10.5l-3 3 3 3',
  policies: 'M3 4.5h14M3 10h14M3 15.5h8M14 13l3 2.5-3 2.5',
  diagnose: 'M3 10h3l2-5 4 10 2-5h3',
  events: 'M6 3v14M6 5.5h11M6 10h8M6 14.5h10',
  settings: 'M3 6h8M15 6h2M3 14h2M9 14h8M11 4v4h4V4zM5 12v4h4v-4z',
  help: 'M7.5 7.5c0-3.3 5-3.3 5 0 0 2-2.5 2-2.5 4M10 14.5v1M17.5 10a7.5 7.5 0 11-15 0 7.5 7.5 0 0115 0z',
  plus: 'M10 4v12M4 10h12',
  search: 'M14.5 9a5.5 5.5 0 11-11 0 5.5 5.5 0 0111 0zM13 13l4 4',
  warn: 'M10 3l7.5 13.5h-15zM10 8v4M10 14v.5',
  stop: 'M6.8 2.5h6.4l4.3 4.3v6.4l-4.3 4.3H6.8l-4.3-4.3V6.8zM10 6v5M10 13.5v.5',
  copy: 'M7 7h10v10H7zM13 7V3H3v10h4',
  close: 'M5 5l10 10M15 5L5 15',
  check: 'M4 10.5l4 4 8-9',
  key: 'M10 13.5a3.5 3.5 0 11-7 0 3.5 3.5 0 017 0zM9 11l7.5-7.5M13.5 6.5l2.5 2.5',
  eye: 'M2 10c3.5-6 12.5-6 16 0-3.5 6-12.5 6-16 0zM12.5 10a2.5 2.5 0 11-5 0 2.5 2.5 0 015 0z',
  left: 'M12.5 4.5L7 10l5.5 5.5',
  right: 'M7.5 4.5L13 10l-5.5 5.5',
  down: 'M4.5 7.5L10 13l5.5-5.5',
  more: 'M4 10h.5M10 10h.5M16 10h.5',
  import: 'M10 3v9M6 8.5l4 4 4-4M3 14v3h14v-3',
  export: 'M10 12.5v-9M6 7l4-4 4 4M3 14v3h14v-3',
  loop: 'M4 7.5h9a3.5 3.5 0 010 7H6M8.5 12L6 14.5 8.5 17M4 7.5V4',
  rekey: 'M16.5 8A7 7 0 004 6.5M3.5 3v4h4M3.5 12A7 7 0 0016 13.5M16.5 17v-4h-4',
  dice: 'M3.5 3.5h13v13h-13zM7 7h.1M13 13h.1M13 7h.1M7 13h.1',
  qr: 'M3 3h5v5H3zM12 3h5v5h-5zM3 12h5v5H3zM12 12h2v2M17 12v5h-5',
  command: 'M4 6l4 4-4 4M10 15h6',
  arrowUp: 'M10 16V4M5 9l5-5 5 5',
  arrowDown: 'M10 4v12M5 11l5 5 5-5',
  to: 'M3 10h13M11.5 5.5L16 10l-4.5 4.5',
  from: 'M17 10H4M8.5 5.5L4 10l4.5 4.5',
  trash: 'M4 5.5h12M8 5.5V3h4v2.5M5.5 5.5l1 11.5h7l1-11.5',
  lock: 'M4.5 9h11v8h-11zM7 9V6a3 3 0 016 0v3',
  pause: 'M6.5 4v12M13.5 4v12',
  play: 'M6 4l9 6-9 6z',
  bell: 'M5 14V9a5 5 0 0110 0v5M3 14h14M8.5 17h3',
  edit: 'M4 16l1-4 8-8 3 3-8 8zM11.5 5.5l3 3',
} as const;

/** Name of an icon. */
export type IconName = keyof typeof paths;

/** An icon beside the words that name it; `label` only where no words stand beside it. */
export function Icon(props: {
  readonly name: IconName;
  readonly size?: 16 | 20;
  readonly label?: string;
}): ReactElement {
  const { name, size = 16, label } = props;
  return (
    <svg
      className={`i${size}`}
      viewBox="0 0 20 20"
      aria-hidden={label === undefined}
      aria-label={label}
      role={label === undefined ? undefined : 'img'}
    >
      <path d={paths[name]} />
    </svg>
  );
}
