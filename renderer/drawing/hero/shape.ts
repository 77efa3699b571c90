/**
 * Shapes as data: what a drawing consists of before React makes elements of it, so that a test can ask where things are.
 * @module
 */

/** One mark on the sheet. `className` is a line style of drawing.css. */
export type Shape =
  | { readonly kind: 'path'; readonly className: string; readonly d: string; readonly dashes?: string }
  | {
      readonly kind: 'rect';
      readonly className: string;
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
    }
  | {
      readonly kind: 'circle';
      readonly className: string;
      readonly cx: number;
      readonly cy: number;
      readonly r: number;
    }
  | {
      readonly kind: 'text';
      readonly className: string;
      readonly x: number;
      readonly y: number;
      readonly text: string;
      /** The whole text, where `text` is cut. */
      readonly full?: string;
    };

/** Average advance of a letter: of 12 and of 11 px in the condensed face, of 11.5 px in the fixed one. */
const letter = { table: 5.5, note: 5.05, bits: 6.9 } as const;
/** Digits are the widest of a number's letters. */
const digit = 5.9;

/** A line or a filled outline. */
export function path(className: string, d: string, dashes?: string): Shape {
  return { kind: 'path', className, d, ...(dashes === undefined ? {} : { dashes }) };
}

/** A box. */
export function rect(className: string, x: number, y: number, width: number, height: number): Shape {
  return { kind: 'rect', className, x, y, width, height };
}

/** A circle. */
export function circle(className: string, cx: number, cy: number, r: number): Shape {
  return { kind: 'circle', className, cx, cy, r };
}

/** A word; nothing where there is none to write. */
export function word(className: string, x: number, y: number, text: string | null): Shape[] {
  return text === null || text === '' ? [] : [{ kind: 'text', className, x, y, text }];
}

/** About how wide a text of the condensed face is drawn. */
export function textWidth(text: string): number {
  return text.length * letter.table;
}

/** `text` in at most so many letters as `width` holds in `face`; what is cut off becomes an ellipsis. */
export function fit(text: string | null, width: number, face: keyof typeof letter = 'table'): string | null {
  const letters = Math.floor(width / letter[face]);
  if (text === null || text.length <= letters) return text;
  return letters < 2 ? null : `${text.slice(0, letters - 1).trimEnd()}…`;
}

/** An address in at most `width`: both its ends stay, for the last part tells hosts apart. */
export function fitAddress(address: string | null, width: number): string | null {
  const letters = Math.floor(width / letter.bits);
  if (address === null || address.length <= letters || letters < 8) return fit(address, width, 'bits');
  const tail = Math.floor((letters - 1) / 3);
  return `${address.slice(0, letters - 1 - tail)}…${address.slice(-tail)}`;
}

/** A word in at most `width`; where it is cut, the whole of it is told by pointing at it. */
export function fittedWord(className: string, x: number, y: number, text: string | null, width: number): Shape[] {
  const shown = fit(text, width, 'note');
  return word(className, x, y, shown).map((shape) =>
    shape.kind === 'text' && text !== null && shown !== text ? { ...shape, full: text } : shape,
  );
}

/** `text` in lines of at most `width`, broken at blanks; the last line ends in an ellipsis where more lines are needed. */
export function wrap(text: string, width: number, most: number): string[] {
  const lines: string[] = [];
  for (const part of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && textWidth(`${last} ${part}`) <= width) lines[lines.length - 1] = `${last} ${part}`;
    else lines.push(part);
  }
  if (lines.length <= most) return lines;
  const kept = lines.slice(0, most);
  kept[most - 1] = fit(`${kept[most - 1] ?? ''} …`, width) ?? '…';
  return kept;
}

/** A text on a patch of its ground, so that a lane's line does not run through it. */
export function patch(ground: string, x: number, y: number, text: string | null, side: 'start' | 'end'): Shape[] {
  if (text === null || text === '') return [];
  const width = text.length * digit + 12;
  const left = side === 'start' ? x - 6 : x - width + 6;
  return [rect(ground, left, y - 12, width, 16)];
}
