/**
 * Tokens of setkey(8)'s language (token.l), each with line and column. Never fails: what is not a token of the language
 * becomes a `bad` one, and the parser says so. One pass without back-tracking, so time is linear whatever the text.
 *
 * A word is a run of characters other than white space, `; [ ] / , # "`. A byte order mark and the carriage return of
 * CRLF are white space. Which tokens may hold key bytes is decided here, by key-secrecy.ts.
 * @module
 */
import { KeySecrecy } from '#core/setkey/reading/key-secrecy.ts';
import { commandWords } from './syntax.ts';

/** One token. `offset` and `length` cover it in the text, quotes included. */
export type Token = {
  /**
   * `bad`: a string without its closing quote (its text begins with the quote), or a word with characters that are no
   * text. `end`: the end of the text.
   */
  readonly kind: 'word' | 'string' | 'mark' | 'bad' | 'end';
  /** The word, the mark, or what stands between the quotes. */
  readonly text: string;
  readonly line: number;
  readonly column: number;
  readonly offset: number;
  readonly length: number;
  readonly isFirstOfLine: boolean;
  /** Whether it may hold key bytes and must not be shown. */
  readonly isSecret: boolean;
};

/** A stretch of the text: from `from` up to, not with, `to`. */
export type Span = { readonly from: number; readonly to: number };

const lineFeed = 10;
const carriageReturn = 13;
const quoteCode = 34;
const hashCode = 35;

const enough = 128;
/** For each ASCII code: whether it is white space, whether it is a mark, whether it is no text. */
const isBlankCode = tableOf('\t\n\v\f\r ');
const isMarkCode = tableOf(';[]/,');
const isForeignCode = new Uint8Array(enough);
for (let code = 0; code < enough; code++)
  isForeignCode[code] = (code < 32 || code === 127) && !isBlankCode[code] ? 1 : 0;

/** Gives the tokens of a text one after another; only the one at hand is kept. */
export class Lexer {
  readonly #text: string;
  readonly #onComment: ((comment: Span) => void) | null;
  readonly #secrecy = new KeySecrecy();
  #offset = 0;
  #line = 1;
  #lineStart = 0;
  #isFirstOfLine = true;

  /** `onComment` hears of every comment that is passed over, without its line break. */
  constructor(text: string, onComment: ((comment: Span) => void) | null = null) {
    this.#text = text;
    this.#onComment = onComment;
  }

  /** The next token; `end` again and again once the text is over. */
  next(): Token {
    this.#skipBlank();
    const code = this.#text.charCodeAt(this.#offset);
    if (Number.isNaN(code)) return this.#take('end', 0, '');
    if (code === quoteCode) return this.#takeString();
    if (code < enough && isMarkCode[code] === 1) return this.#take('mark', 1, this.#text.charAt(this.#offset));
    return this.#takeWord();
  }

  #skipBlank(): void {
    const text = this.#text;
    for (;;) {
      const code = text.charCodeAt(this.#offset);
      if (code === hashCode) this.#skipComment();
      else if (isBlank(code)) this.#offset++;
      else return;
      if (code !== lineFeed) continue;
      this.#line++;
      this.#lineStart = this.#offset;
      this.#isFirstOfLine = true;
    }
  }

  #skipComment(): void {
    const from = this.#offset;
    const end = this.#text.indexOf('\n', from);
    this.#offset = end < 0 ? this.#text.length : end;
    this.#onComment?.({ from, to: this.#offset });
  }

  #takeString(): Token {
    const text = this.#text;
    const start = this.#offset;
    let end = start + 1;
    while (end < text.length && text.charCodeAt(end) !== quoteCode && text.charCodeAt(end) !== lineFeed) end++;
    if (text.charCodeAt(end) === quoteCode) return this.#take('string', end + 1 - start, text.slice(start + 1, end));
    while (text.charCodeAt(end - 1) === carriageReturn) end--;
    return this.#take('bad', end - start, text.slice(start, end));
  }

  #takeWord(): Token {
    const text = this.#text;
    let hasForeign = false;
    let end = this.#offset;
    for (; end < text.length; end++) {
      const code = text.charCodeAt(end);
      if (code < enough) {
        if (isBlankCode[code] === 1 || isMarkCode[code] === 1 || code === quoteCode || code === hashCode) break;
        if (isForeignCode[code] === 1) hasForeign = true;
      } else if (code === 0xfffd) hasForeign = true;
      else if (isBlank(code)) break;
    }
    return this.#take(hasForeign ? 'bad' : 'word', end - this.#offset, text.slice(this.#offset, end));
  }

  #take(kind: Token['kind'], length: number, text: string): Token {
    const offset = this.#offset;
    const isFirstOfLine = this.#isFirstOfLine;
    const isSecret = kind !== 'end' && this.#secrecy.covers(kind, text, isFirstOfLine);
    this.#offset += length;
    this.#isFirstOfLine = false;
    const column = offset - this.#lineStart + 1;
    return { kind, text, line: this.#line, column, offset, length, isFirstOfLine, isSecret };
  }
}

/** Every token of `text`; the last one is always `end`. */
export function tokenize(text: string): readonly Token[] {
  const lexer = new Lexer(text);
  const tokens: Token[] = [];
  for (;;) {
    const token = lexer.next();
    tokens.push(token);
    if (token.kind === 'end') return tokens;
  }
}

/** How a message names a token: its text, shortened, and never a key. */
export function showToken(token: Token): string {
  if (token.kind === 'end') return 'end of input';
  if (token.isSecret) return 'hidden: may be a key';
  const plain = token.text.slice(0, 41).replace(/[^\x20-\x7e]/g, '?');
  return plain.length <= 40 ? plain : `${plain.slice(0, 37)}...`;
}

/** Whether `word` opens a statement. */
export function isCommandWord(word: string): boolean {
  return (commandWords as readonly string[]).includes(word);
}

/** White space as Unicode has it, the byte order mark included. */
function isBlank(code: number): boolean {
  if (code < enough) return isBlankCode[code] === 1;
  return code >= 0xa0 && /\s/.test(String.fromCharCode(code));
}

function tableOf(characters: string): Uint8Array {
  const table = new Uint8Array(enough);
  for (const character of characters) table[character.charCodeAt(0)] = 1;
  return table;
}
