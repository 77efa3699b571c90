/**
 * A cursor over the words of one ifconfig line. Every step that fails says where: the details of the error hold `line`
 * and `column`.
 * @module
 */
import type { ErrorCode } from '#core/base/error.ts';
import { IpsecError } from '#core/base/error.ts';
import { nearestWord } from '#core/setkey/nearest-word.ts';
import type { Position } from './syntax.ts';

/** A word and where it stands. */
export type Word = { readonly text: string; readonly position: Position };

/** Words in one line, as if they stood there with one blank between them. */
export function wordsOf(texts: readonly string[], line = 1): Word[] {
  let column = 1;
  return texts.map((text) => {
    const position = { line, column };
    column += text.length + 1;
    return { text, position };
  });
}

/** Reads words in order. */
export class WordReader {
  readonly #words: readonly Word[];
  readonly #end: Position;
  #index: number;

  /** `end` is where a word would stand that is missing. */
  constructor(words: readonly Word[], end?: Position) {
    const last = words.at(-1);
    this.#words = words;
    this.#end =
      end ?? (last === undefined ? { line: 1, column: 1 } : { ...last.position, column: endColumn(last) + 1 });
    this.#index = 0;
  }

  /** Whether no word is left. */
  isAtEnd(): boolean {
    return this.#index >= this.#words.length;
  }

  /** The next word's text; the empty string at the end. */
  peek(): string {
    return this.#words[this.#index]?.text ?? '';
  }

  /** Where the next word stands, or would stand. */
  position(): Position {
    return this.#words[this.#index]?.position ?? this.#end;
  }

  /** Take the next word if it is one of these. */
  takeIf(...texts: readonly string[]): string | null {
    if (this.isAtEnd() || !texts.includes(this.peek())) return null;
    return this.take('', '').text;
  }

  /** Take the next word, which is `what` that `after` needs. @throws {IpsecError} `IFCONFIG_WORD` at the end. */
  take(what: string, after: string): Word {
    const word = this.#words[this.#index];
    if (word === undefined) throw refuse('IFCONFIG_WORD', `"${after}" needs ${what}`, this.#end, { word: after });
    this.#index++;
    return word;
  }
}

/** An error about the word at `position`. */
export function refuse(
  code: ErrorCode,
  message: string,
  position: Position,
  details: Readonly<Record<string, unknown>> = {},
): IpsecError {
  return new IpsecError(code, message, { ...position, ...details });
}

/** An error about a word that is none of `known`, with the one that may have been meant. */
export function refuseWord({ text, position }: Word, known: readonly string[]): IpsecError {
  const shown = showWord(text);
  const nearest = nearestWord(text, known);
  const suggestion = nearest === null ? '' : `; did you mean "${nearest}"?`;
  return refuse('IFCONFIG_WORD', `unknown word "${shown}"${suggestion}`, position, {
    word: shown,
    suggestion: nearest,
  });
}

/** A word as a message may show it: printable, and not long. */
export function showWord(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, 40);
}

/** Run `read`, which is about `word`: what it refuses gets the word's position. */
export function atWord<T>({ position }: Word, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof IpsecError)) throw error;
    throw new IpsecError(error.code, error.message, { ...position, ...error.details }, error);
  }
}

function endColumn({ text, position }: Word): number {
  return position.column + text.length;
}
