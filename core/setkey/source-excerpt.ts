/**
 * A line of setkey text as a message may show it: keys hidden, comments left out, a caret under the column.
 * @module
 */
import { tokenize } from './lexer.ts';

const longestExcerpt = 120;

/** Gives the excerpt for a line and a column. */
export type Excerpter = (line: number, column: number) => string;

/**
 * Excerpts of `text`: the source line with everything that may be a key as `*`, and a caret under the column.
 * Long lines are cut around the caret; the empty string where the text has no such line.
 */
export function sourceExcerpts(text: string): Excerpter {
  const lines = hideKeys(text).split('\n');
  return (line, column) => {
    const source = lines[line - 1];
    return source === undefined ? '' : excerpt(source, column);
  };
}

function excerpt(source: string, column: number): string {
  const start = column > longestExcerpt - 20 ? column - 40 : 0;
  // One column a character, so that the caret stands right: tabs and controls become blanks.
  const shown = source.slice(start, start + longestExcerpt).replace(/[^\x20-\x7e]/g, ' ');
  return `${shown.trimEnd()}\n${' '.repeat(Math.max(0, column - 1 - start))}^`;
}

/** The text with the same length and lines, comments blanked and what may be a key as `*`. */
export function hideKeys(text: string): string {
  let hidden = '';
  let end = 0;
  for (const token of tokenize(text)) {
    hidden += blank(text.slice(end, token.offset));
    const raw = text.slice(token.offset, token.offset + token.length);
    hidden += token.isSecret ? raw.replace(/[^\r\n]/g, '*') : raw;
    end = token.offset + token.length;
  }
  return hidden;
}

/** Between tokens stand only white space and comments. */
function blank(text: string): string {
  return text.replace(/\S/g, ' ');
}
