/**
 * Everything that is wrong or doubtful in setkey text, without carrying it out: syntax errors, what would be refused
 * whatever there is already, and warnings. For editors and checks; no message shows a key.
 * @module
 */
import type { ErrorCode } from '#core/base/error.ts';
import { wipeKeys } from '#core/setkey/key-wipe.ts';
import { Lexer, type Span } from '#core/setkey/lexer.ts';
import { parseSetkey } from '#core/setkey/parser.ts';
import { checkStatement } from '#core/setkey/statement-check.ts';
import { statementWarnings, type StatementWarning } from '#core/setkey/statement-warning.ts';
import type { Position, Statement } from '#core/setkey/syntax.ts';

/** One finding; `from` and `to` cover the word that it is about. */
export type Diagnostic = Span &
  Position & {
    readonly severity: 'error' | 'warning';
    readonly code: ErrorCode | StatementWarning['code'];
    readonly message: string;
    readonly hint: string;
  };

/** Every finding in `text`, in its order. */
export function diagnose(text: string): Diagnostic[] {
  const { statements, errors } = parseSetkey(text);
  const findSpan = spanFinder(text);
  const findings: Diagnostic[] = errors.map(({ from, to, line, column, message, hint }) => ({
    ...{ from, to, line, column, severity: 'error', code: 'SETKEY_SYNTAX', message, hint },
  }));
  for (const statement of statements) findings.push(...refusals(statement, findSpan));
  for (const { code, position, message, hint } of statementWarnings(statements))
    findings.push({ ...findSpan(position), ...position, severity: 'warning', code, message, hint });
  wipeKeys(statements);
  return findings.sort((left, right) => left.from - right.from);
}

type SpanFinder = (position: Position) => Span;

function refusals(statement: Statement, findSpan: SpanFinder): Diagnostic[] {
  const error = checkStatement(statement);
  if (error === null) return [];
  const { code, message, hint, details } = error;
  const position = { line: Number(details['line']), column: Number(details['column']) };
  return [{ ...findSpan(position), ...position, severity: 'error', code, message, hint }];
}

/** Finds the token at a line and a column. */
function spanFinder(text: string): SpanFinder {
  const lineStarts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lineStarts.push(at + 1);
  return ({ line, column }) => {
    const from = (lineStarts[line - 1] ?? 0) + column - 1;
    const rest = text.slice(from, lineStarts[line] ?? text.length);
    return { from, to: from + new Lexer(rest).next().length };
  };
}
