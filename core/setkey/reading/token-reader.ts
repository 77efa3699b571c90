/**
 * A cursor over tokens, with the reading steps that the parsers share. A step that does not find what it wants throws
 * `SETKEY_SYNTAX` with position, expectation and the nearest known word in its details; parser.ts catches it there.
 *
 * At the end of the text it also notes which words the parsers look for: those complete what is being typed.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import { showToken, type Token } from '#core/setkey/lexer.ts';
import { nearestWord } from '#core/setkey/nearest-word.ts';
import type { Position } from '#core/setkey/syntax.ts';

/** Where tokens come from; the last one, and all behind it, is `end`. A `Lexer` is one. */
export type TokenSource = { next(): Token };

/** Reads tokens in order, one at a time. */
export class TokenReader {
  readonly #source: TokenSource;
  readonly #wanted = new Set<string>();
  #token: Token;
  #lastEnd = 0;

  constructor(source: TokenSource) {
    this.#source = source;
    this.#token = source.next();
  }

  /** Words and marks that the parsers looked for at the end of the text. */
  get wanted(): ReadonlySet<string> {
    return this.#wanted;
  }

  /** Where the token ended that was taken last. */
  get lastEnd(): number {
    return this.#lastEnd;
  }

  /** The next token, without taking it. */
  peek(): Token {
    return this.#token;
  }

  /** Take the next token; `end` is never passed. */
  next(): Token {
    const token = this.#token;
    if (token.kind === 'end') return token;
    this.#lastEnd = token.offset + token.length;
    this.#token = this.#source.next();
    return token;
  }

  /** Position of the next token. */
  position(): Position {
    const { line, column } = this.peek();
    return { line, column };
  }

  /** Whether the next token is this mark. */
  isAtMark(mark: string): boolean {
    this.#want([mark]);
    return this.#token.kind === 'mark' && this.#token.text === mark;
  }

  /** Whether the next token is one of these words. */
  isAtWord(...words: readonly string[]): boolean {
    this.#want(words);
    return this.#token.kind === 'word' && words.includes(this.#token.text);
  }

  /** Take a mark if it is next. */
  takeMark(mark: string): boolean {
    if (!this.isAtMark(mark)) return false;
    this.next();
    return true;
  }

  /** Take a mark. @throws {IpsecError} `SETKEY_SYNTAX`. */
  expectMark(mark: string, expected = `"${mark}"`): void {
    if (!this.takeMark(mark)) this.fail(expected);
  }

  /** Take any word. @throws {IpsecError} `SETKEY_SYNTAX`. */
  word(expected: string, known: readonly string[] = []): string {
    if (this.peek().kind !== 'word') this.fail(expected, known);
    return this.next().text;
  }

  /** Take one of `words`. @throws {IpsecError} `SETKEY_SYNTAX`. */
  choose<Word extends string>(words: readonly Word[], expected: string): Word {
    const found = this.peek().kind === 'word' ? words.find((word) => word === this.peek().text) : undefined;
    if (found === undefined) this.fail(expected, words);
    this.next();
    return found;
  }

  /** Take a decimal number up to `limit`. @throws {IpsecError} `SETKEY_SYNTAX`. */
  decimal(expected: string, limit: number = Number.MAX_SAFE_INTEGER): number {
    const token = this.peek();
    if (token.kind !== 'word' || !/^[0-9]{1,16}$/.test(token.text)) this.fail(expected);
    const value = Number(token.text);
    if (value > limit) this.fail(expected, [], `number too big, expected ${expected}`);
    this.next();
    return value;
  }

  /** Stop here: the next token is not `expected`. `known` are the words it may have meant, `remedy` is what helps. */
  fail(
    expected: string,
    known: readonly string[] = [],
    reason = `syntax error, expected ${expected}`,
    remedy: string | null = null,
  ): never {
    const token = this.#token;
    this.#want(known);
    const shown = showToken(token);
    const isReadable = token.kind === 'word' && !token.isSecret;
    const suggestion = isReadable ? nearestWord(token.text, known) : null;
    const what = token.kind === 'bad' ? badReason(token.text) : reason;
    const { line, column } = token;
    throw new IpsecError('SETKEY_SYNTAX', `${what} at [${shown}]`, {
      line,
      column,
      expected,
      token: shown,
      suggestion,
      ...(remedy === null ? {} : { remedy }),
    });
  }

  #want(words: readonly string[]): void {
    if (this.#token.kind === 'end') for (const word of words) this.#wanted.add(word);
  }
}

/** Why the lexer calls a token bad. */
function badReason(text: string): string {
  if (text.startsWith('"')) return 'string without its closing quote';
  const foreign = /[^\x20-\ufffc]|\x7f/.exec(text)?.[0].charCodeAt(0) ?? 0;
  if (foreign === 0xfffd) return 'bytes that are no UTF-8';
  return `character U+${foreign.toString(16).toUpperCase().padStart(4, '0')}, which no setkey text has,`;
}
