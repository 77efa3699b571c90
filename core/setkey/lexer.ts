/**
 * Tokens of setkey(8)'s language, each with line and column. Never fails: what is not a token of the language
 * becomes a `bad` one, and the parser says so.
 *
 * A word is a run of characters other than white space, `; [ ] / , # "`. Whether a token may hold key bytes is decided
 * here, once, so that neither messages nor excerpts of the source ever show a key.
 * @module
 */
import { commandWords } from './syntax.ts';

/** One token. `offset` and `length` cover it in the text, quotes included. */
export type Token = {
  /** `bad`: a string without its closing quote. `end`: the end of the text. */
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

/** Every token of `text`; the last one is always `end`. */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const secrecy = new Secrecy();
  // Sticky, one alternative a kind: white space, comment, string, unclosed string, mark, word.
  const pattern = /(\s+)|(#[^\n]*)|"([^"\n]*)"|("[^\n]*)|([;[\]/,])|([^\s;[\]/,#"]+)/gy;
  let line = 1;
  let lineStart = 0;
  let isFirstOfLine = true;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const offset = match.index;
    const [whole, blank, comment, string, unclosed, mark, word] = match;
    if (blank !== undefined) {
      const breaks = blank.split('\n').length - 1;
      if (breaks > 0) {
        line += breaks;
        lineStart = offset + blank.lastIndexOf('\n') + 1;
        isFirstOfLine = true;
      }
      continue;
    }
    if (comment !== undefined) continue;
    const kind =
      string !== undefined ? 'string' : unclosed !== undefined ? 'bad' : mark !== undefined ? 'mark' : 'word';
    const content = string ?? unclosed ?? mark ?? word ?? whole;
    const isSecret = secrecy.covers(kind, content, isFirstOfLine);
    const column = offset - lineStart + 1;
    tokens.push({ kind, text: content, line, column, offset, length: whole.length, isFirstOfLine, isSecret });
    isFirstOfLine = false;
  }
  const column = text.length - lineStart + 1;
  tokens.push({ kind: 'end', text: '', line, column, offset: text.length, length: 0, isFirstOfLine, isSecret: false });
  return tokens;
}

/** How a message names a token: its text, shortened, and never a key. */
export function showToken(token: Token): string {
  if (token.kind === 'end') return 'end of input';
  if (token.isSecret) return 'hidden: may be a key';
  const plain = token.text.replace(/[^\x20-\x7e]/g, '?');
  return plain.length <= 40 ? plain : `${plain.slice(0, 37)}...`;
}

/** Whether `word` opens a statement. */
export function isCommandWord(word: string): boolean {
  return (commandWords as readonly string[]).includes(word);
}

/**
 * Follows the tokens of a statement and tells which may be key bytes: every string, long hexadecimal words anywhere, and
 * after `-E`, `-A` or `-C` every word but options, names of algorithms and the first word of a statement.
 */
class Secrecy {
  #isAfterAlgorithm = false;
  #expectsName = false;

  covers(kind: Token['kind'], text: string, isFirstOfLine: boolean): boolean {
    if (kind === 'string' || kind === 'bad') return true;
    if (kind === 'mark') {
      if (text === ';') this.#isAfterAlgorithm = false;
      return false;
    }
    if (isFirstOfLine && isCommandWord(text)) this.#isAfterAlgorithm = false;
    const isName = this.#expectsName;
    this.#expectsName = /^-[EAC]$/.test(text);
    if (this.#expectsName) this.#isAfterAlgorithm = true;
    if (/^(0x[0-9a-f]{9,}|[0-9a-f]{16,})$/i.test(text)) return true;
    if (!this.#isAfterAlgorithm || isCommandWord(text) || /^-[a-zA-Z_]{1,8}$/.test(text)) return false;
    return !(isName && /^[a-z0-9][a-z0-9-]{0,23}$/i.test(text) && !/^(0x|[0-9a-f]{8,}$)/i.test(text));
  }
}
