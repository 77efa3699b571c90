/**
 * The tokens of setkey text as an editor colours them: kinds and places, comments included, by the same lexer that the
 * parser reads with. Text that is wrong has tokens too; what is wrong with it is in diagnostic.ts.
 * @module
 */
import { Lexer, type Span, type Token } from '#core/setkey/lexer.ts';
import { describeWord, type WordKind } from './vocabulary.ts';

/** What a token is. `word` is a word that means nothing by itself. */
export type EditorTokenKind =
  WordKind | 'address' | 'number' | 'string' | 'key' | 'comment' | 'punctuation' | 'word' | 'error';

/** A token and its place; between tokens is white space only. */
export type EditorToken = Span & { readonly kind: EditorTokenKind };

/** Every token and comment of `text`, in order. */
export function editorTokens(text: string): EditorToken[] {
  const tokens: EditorToken[] = [];
  const lexer = new Lexer(text, (span) => void tokens.push({ kind: 'comment', ...span }));
  const context = new TokenContext();
  for (let token = lexer.next(); token.kind !== 'end'; token = lexer.next()) {
    tokens.push({ kind: context.kindOf(token), from: token.offset, to: token.offset + token.length });
  }
  return tokens;
}

/** What the tokens before say about the next one. */
class TokenContext {
  #isStart = true;
  /** Behind `-E`, `-A` or `-C`: 1 before the name, 2 behind it. */
  #algorithm = 0;

  kindOf(token: Token): EditorTokenKind {
    const isStart = this.#isStart;
    this.#isStart = token.kind === 'mark' && token.text === ';';
    const place = this.#algorithm;
    this.#algorithm = place === 1 ? 2 : token.kind === 'word' && /^-[EAC]$/.test(token.text) ? 1 : 0;
    if (token.kind === 'bad') return 'error';
    if (token.kind === 'mark') return 'punctuation';
    if (token.kind === 'string') return place === 2 ? 'key' : 'string';
    if (place === 2 && token.isSecret) return 'key';
    return wordKind(token.text, isStart, place === 1);
  }
}

function wordKind(text: string, isStart: boolean, isAlgorithm: boolean): EditorTokenKind {
  const known = describeWord(text)?.kind ?? null;
  if (known === 'command') return isStart ? known : 'word';
  if (isStart) return 'word';
  if (known === 'algorithm') return isAlgorithm ? known : 'word';
  if (known !== null) return known;
  if (/^(0x[0-9a-f]+|[0-9]+)$/i.test(text)) return 'number';
  if (/^-[46n]{1,3}$/.test(text)) return 'option';
  if (/^unique:[0-9]+$/.test(text)) return 'keyword';
  return isAddress(text) ? 'address' : 'word';
}

/** Roughly: an editor colours while one types. */
function isAddress(text: string): boolean {
  return text.length <= 128 && /^-?[0-9a-f.:]*[.:][0-9a-f.:]*(%\w+)?(-[0-9a-f.:]+(%\w+)?)?$/i.test(text);
}
