/**
 * What may be written next at a place in setkey text: the words that the parser itself looks for there.
 * @module
 */
import { isCommandWord, Lexer } from '#core/setkey/lexer.ts';
import { wantedAtEnd } from '#core/setkey/parser.ts';
import { describeWord, type WordKind } from './vocabulary.ts';

/** A word that may stand there. */
export type Completion = { readonly label: string; readonly kind: WordKind; readonly detail: string };

/** The words that may stand in place of what is between `from` and `to`. */
export type Completions = { readonly from: number; readonly to: number; readonly options: readonly Completion[] };

/** Words for the place `offset`, those that hold what is already typed; null in comments, strings and keys. */
export function completionsAt(text: string, offset: number): Completions | null {
  const start = statementStart(text, offset);
  const typed = typedWord(text.slice(start, offset));
  if (typed === null) return null;
  const from = offset - typed.length;
  const options: Completion[] = [];
  for (const label of wantedAtEnd(text.slice(start, from))) {
    const entry = describeWord(label);
    if (entry === null || entry.isRefused === true || !label.includes(typed)) continue;
    options.push({ label, kind: entry.kind, detail: entry.detail });
  }
  return options.length === 0 ? null : { from, to: offset, options };
}

/** Strings and comments end with their line, so the last line that begins with a command begins a statement. */
function statementStart(text: string, offset: number): number {
  for (let end = offset; ;) {
    const start = end === 0 ? 0 : text.lastIndexOf('\n', end - 1) + 1;
    const word = /^[ \t]*([a-z]+)/.exec(text.slice(start, Math.min(offset, start + 64)))?.[1];
    if (start === 0 || (word !== undefined && isCommandWord(word))) return start;
    end = start - 1;
  }
}

/** The word that ends at the end of `text`, empty when none does; null in a comment or a string. */
function typedWord(text: string): string | null {
  let isInComment = false;
  const lexer = new Lexer(text, ({ to }) => (isInComment = to === text.length));
  let word = '';
  for (let token = lexer.next(); token.kind !== 'end'; token = lexer.next()) {
    const isLast = token.offset + token.length === text.length;
    if (isLast && token.kind === 'bad') return null;
    word = isLast && token.kind === 'word' ? token.text : '';
  }
  return isInComment ? null : word;
}
