/**
 * A cursor over tokens, with the reading steps that the parsers share. A step that does not find what it wants throws
 * `SETKEY_SYNTAX` with position, expectation and the nearest known word in its details; parser.ts catches it there.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import { showToken, type Token } from './lexer.ts';
import { nearestWord } from './nearest-word.ts';
import type { Position } from './syntax.ts';

/** Reads tokens in order. */
export class TokenReader {
  readonly #tokens: readonly Token[];
  #index: number;

  /** `tokens` end with an `end` token, as `tokenize` gives them. */
  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
    this.#index = 0;
  }

  /** The next token, without taking it. */
  peek(): Token {
    return this.#tokens[this.#index] ?? missingEnd();
  }

  /** Take the next token; `end` is never passed. */
  next(): Token {
    const token = this.peek();
    if (token.kind !== 'end') this.#index++;
    return token;
  }

  /** Position of the next token. */
  position(): Position {
    const { line, column } = this.peek();
    return { line, column };
  }

  /** Whether the next token is this mark. */
  isAtMark(mark: string): boolean {
    const token = this.peek();
    return token.kind === 'mark' && token.text === mark;
  }

  /** Whether the next token is one of these words. */
  isAtWord(...words: readonly string[]): boolean {
    const token = this.peek();
    return token.kind === 'word' && words.includes(token.text);
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

  /** Stop here: the next token is not `expected`. `known` are the words it may have meant. */
  fail(expected: string, known: readonly string[] = [], reason = `syntax error, expected ${expected}`): never {
    const token = this.peek();
    const shown = showToken(token);
    const isReadable = token.kind === 'word' && !token.isSecret;
    const suggestion = isReadable ? nearestWord(token.text, known) : null;
    const what = token.kind === 'bad' ? 'string without its closing quote' : reason;
    throw new IpsecError('SETKEY_SYNTAX', `${what} at [${shown}]`, {
      line: token.line,
      column: token.column,
      expected,
      token: shown,
      suggestion,
    });
  }
}

function missingEnd(): never {
  throw new Error('the token list has no end token');
}
