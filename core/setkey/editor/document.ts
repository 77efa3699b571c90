/**
 * A setkey file as its author wrote it: statements with their places, comments, and what did not parse, in order.
 * Together with the text nothing is lost: number forms, quoting and spelling stand in the text between the places.
 *
 * The text may hold keys: it belongs to the operator only.
 * @module
 */
import type { Span } from '#core/setkey/lexer.ts';
import { walkSetkey, type SetkeyError } from '#core/setkey/parser.ts';
import type { Statement } from '#core/setkey/syntax.ts';

/** A piece of a document; `from` and `to` are offsets in its text. */
export type DocumentItem =
  /** A statement with its `;`, and the comments inside it. */
  | (Span & { readonly kind: 'statement'; readonly statement: Statement; readonly comments: readonly Span[] })
  /** A comment outside of statements, without its line break. */
  | (Span & { readonly kind: 'comment' })
  /** What did not parse, or stands behind `exit`. */
  | (Span & { readonly kind: 'unread' });

/** A parsed file. Items do not overlap; between them is white space only. */
export type SetkeyDocument = {
  readonly text: string;
  readonly items: readonly DocumentItem[];
  readonly errors: readonly SetkeyError[];
};

type Draft = Exclude<DocumentItem, { kind: 'statement' }> | (Omit<StatementItem, 'comments'> & { comments: Span[] });
type StatementItem = Extract<DocumentItem, { kind: 'statement' }>;

/** Parse setkey text and keep where everything stands. Never throws. */
export function parseDocument(text: string): SetkeyDocument {
  const pieces: Draft[] = [];
  const comments: Span[] = [];
  const errors: SetkeyError[] = [];
  const end = walkSetkey(text, {
    statement: (statement, span) => void pieces.push({ kind: 'statement', ...span, statement, comments: [] }),
    failure(error, passedOver) {
      errors.push(error);
      pieces.push({ kind: 'unread', ...passedOver });
    },
    comment: (span) => void comments.push(span),
  });
  const rest = endOfContent(text, end, text.length);
  const last = pieces.at(-1);
  if (last?.kind === 'statement' && end < text.length && rest > end) {
    pieces.push({ kind: 'unread', from: startOfContent(text, end), to: rest });
  }
  return { text, items: mergeComments(pieces, comments), errors };
}

/** Both are in the order of the text. A comment inside a piece belongs to it; the others are pieces of their own. */
function mergeComments(pieces: readonly Draft[], comments: readonly Span[]): DocumentItem[] {
  const items: DocumentItem[] = [];
  let index = 0;
  const takeBefore = (offset: number): Span[] => {
    const start = index;
    while ((comments[index]?.from ?? Infinity) < offset) index++;
    return comments.slice(start, index);
  };
  for (const piece of pieces) {
    for (const comment of takeBefore(piece.from)) items.push({ kind: 'comment', ...comment });
    const inside = takeBefore(piece.to);
    if (piece.kind === 'statement') piece.comments.push(...inside);
    items.push(piece);
  }
  for (const comment of takeBefore(Infinity)) items.push({ kind: 'comment', ...comment });
  return items;
}

function startOfContent(text: string, from: number): number {
  let start = from;
  while (start < text.length && /\s/.test(text.charAt(start))) start++;
  return start;
}

function endOfContent(text: string, from: number, to: number): number {
  let end = to;
  while (end > from && /\s/.test(text.charAt(end - 1))) end--;
  return end;
}
