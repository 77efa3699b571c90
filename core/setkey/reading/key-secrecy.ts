/**
 * Which tokens of setkey text may be key bytes, so that neither messages nor excerpts of the source ever show a key.
 * It errs towards hiding: what is mistyped near a key looks like one.
 * @module
 */
import { commandWords } from '#core/setkey/syntax.ts';

/** Names of algorithms and the first words of statements are short; longer words are not looked at letter by letter. */
const longestName = 24;

/**
 * Follows the tokens of a text and tells which may be key bytes: every string, long hexadecimal words and what may be a
 * piece of one anywhere, and after `-E`, `-A` or `-C` every word but options, names of algorithms and the first word of a statement.
 */
export class KeySecrecy {
  #isAfterAlgorithm = false;
  #expectsName = false;

  /** Whether the next token may be, or hold, a key. To be asked for every token, in order. */
  covers(kind: 'word' | 'string' | 'mark' | 'bad', text: string, isFirstOfLine: boolean): boolean {
    if (kind === 'string') return true;
    if (kind === 'mark') {
      if (text === ';') this.#isAfterAlgorithm = false;
      return false;
    }
    if (kind === 'bad' && text.startsWith('"')) return true;
    const isCommand = text.length <= longestName && (commandWords as readonly string[]).includes(text);
    if (isFirstOfLine && isCommand) this.#isAfterAlgorithm = false;
    const isName = this.#expectsName;
    this.#expectsName = text === '-E' || text === '-A' || text === '-C';
    if (this.#expectsName) this.#isAfterAlgorithm = true;
    if (looksLikeHexadecimalKey(text) || holdsPieceOfKey(text)) return true;
    if (!this.#isAfterAlgorithm || isCommand || /^-[a-zA-Z_]{1,8}$/.test(text)) return false;
    return !(isName && text.length <= longestName && isPlainName(text));
  }
}

function looksLikeHexadecimalKey(text: string): boolean {
  return text.length >= 11 && /^(0x[0-9a-f]{9}|[0-9a-f]{16})/i.test(text) && /^(0x)?[0-9a-f]+$/i.test(text);
}

/** A key that was torn apart: six hexadecimal digits in a row, letters among them. SPIs are no longer than eight. */
function holdsPieceOfKey(text: string): boolean {
  if (text.length < 6 || /^0x[0-9a-f]{1,8}$/i.test(text)) return false;
  return (text.match(/[0-9a-f]{6,}/gi) ?? []).some((run) => /[0-9]/.test(run) && /[a-f]/i.test(run));
}

function isPlainName(text: string): boolean {
  return /^[a-z0-9][a-z0-9-]*$/i.test(text) && !/^(0x|[0-9a-f]{8,}$)/i.test(text);
}
