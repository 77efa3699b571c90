/**
 * Prints a document with tidy spacing and nothing else changed: every token and comment stands as it was written, in
 * the same order and on lines as before. Numbers keep their form, strings their quotes, names their spelling.
 *
 * One blank between words and none around `/ [ ] ,` and before `;`; continued lines begin with a tab; at most one
 * empty line in a row. What did not parse is not touched. Canonical text of a tree alone is printer.ts's.
 * @module
 */
import type { DocumentItem, SetkeyDocument } from './document.ts';
import { Lexer, type Span } from '#core/setkey/lexer.ts';

/** The text of `document`, tidied. Printing what was printed changes nothing more. */
export function printDocument({ text, items }: SetkeyDocument): string {
  const lineBreak = text.includes('\r\n') ? '\r\n' : '\n';
  const parts: string[] = [];
  let end = 0;
  for (const item of items) {
    if (parts.length > 0) parts.push(gap(text.slice(end, item.from), lineBreak));
    parts.push(printItem(text, item, lineBreak));
    end = item.to;
  }
  if (parts.length > 0) parts.push(lineBreak);
  return parts.join('');
}

/** White space between two items: lines stay lines. */
function gap(blank: string, lineBreak: string): string {
  const breaks = blank.split('\n').length - 1;
  return breaks === 0 ? ' ' : lineBreak.repeat(Math.min(breaks, 2));
}

function printItem(text: string, item: DocumentItem, lineBreak: string): string {
  const source = text.slice(item.from, item.to);
  if (item.kind === 'unread') return source;
  return item.kind === 'comment' ? source.trimEnd() : printStatement(source, lineBreak);
}

type Piece = Span & { readonly kind: 'comment' | 'mark' | 'other' };

function printStatement(source: string, lineBreak: string): string {
  const pieces = piecesOf(source);
  const parts: string[] = [];
  for (const [index, piece] of pieces.entries()) {
    const before = pieces[index - 1];
    if (before !== undefined) parts.push(separator(source, before, piece, lineBreak));
    parts.push(source.slice(piece.from, piece.to).trimEnd());
  }
  return parts.join('');
}

/** Tokens and comments of one statement, in order. */
function piecesOf(source: string): readonly Piece[] {
  const pieces: Piece[] = [];
  const lexer = new Lexer(source, (span) => void pieces.push({ kind: 'comment', ...span }));
  for (let token = lexer.next(); token.kind !== 'end'; token = lexer.next()) {
    const kind = token.kind === 'mark' ? 'mark' : 'other';
    pieces.push({ kind, from: token.offset, to: token.offset + token.length });
  }
  return pieces;
}

function separator(source: string, before: Piece, piece: Piece, lineBreak: string): string {
  if (before.kind === 'comment') return `${lineBreak}\t`;
  const mark = piece.kind === 'mark' ? source.charAt(piece.from) : '';
  if (mark !== '' || (before.kind === 'mark' && source.charAt(before.from) !== ']')) return '';
  const blank = source.slice(before.to, piece.from);
  if (blank === '') return '';
  return blank.includes('\n') ? `${lineBreak}\t` : ' ';
}
