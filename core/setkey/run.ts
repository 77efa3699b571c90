/**
 * Runs a whole text of setkey statements: parse, then carry out in order. `file` is all or nothing, and `check` changes
 * nothing. `statements` is what setkey -c does: what stands before the first syntax error is carried out, and a refusal
 * stops nothing. All errors of the text are reported at once, and the keys of its statements are wiped in the end.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import type { Errno } from '#core/base/errno.ts';
import { execute, type SetkeyContext } from './interpreter.ts';
import { wipeKeys } from './key-wipe.ts';
import { parseSetkey, type SetkeyError } from './parser.ts';
import { checkStatement } from './statement-check.ts';
import { formatWarning, statementWarnings } from './statement-warning.ts';
import type { Position, Statement } from './syntax.ts';

/** How failures are treated: the contract's `setkey.run`. */
export type SetkeySemantics = 'file' | 'statements' | 'check';

/** One statement that failed, as the contract carries it. */
export type SetkeyFailure = {
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly hint: string;
  readonly isSyntax: boolean;
  /** The BSD errno of a refusal; absent for syntax errors. */
  readonly errno?: Errno;
};

/** What a run did. */
export type SetkeyRun = {
  /** What setkey prints on stdout; empty when all was taken back. */
  readonly output: string;
  readonly errors: SetkeyFailure[];
  /** What the user should know about statements that were carried out, a line each. */
  readonly warnings: string[];
  /** Statements carried out, and not taken back. With `check`: those that would be. */
  readonly applied: number;
};

/** Run `text`. Expected failures are in the result; nothing is thrown for them. */
export function runSetkey(text: string, semantics: SetkeySemantics, context: SetkeyContext): SetkeyRun {
  const { statements, errors } = parseSetkey(text);
  try {
    const [firstError] = errors;
    if (firstError === undefined) return runParsed(statements, semantics, context);
    const before = statements.filter(({ position }) => isBefore(position, firstError));
    const carriedOut = semantics === 'statements' ? before : [];
    const run = runAll(carriedOut, context);
    const refusals = statements.slice(carriedOut.length).flatMap(standingRefusal);
    return { ...run, errors: inOrder([...run.errors, ...errors.map(syntaxFailure), ...refusals]) };
  } finally {
    wipeKeys(statements);
  }
}

function runParsed(statements: readonly Statement[], semantics: SetkeySemantics, context: SetkeyContext): SetkeyRun {
  if (semantics === 'statements') return runAll(statements, context);
  const sadMark = context.sad.mark();
  const spdMark = context.spd.mark();
  let isKept = false;
  try {
    const run = runAll(statements, context);
    isKept = semantics === 'file' && run.errors.length === 0;
    if (isKept || semantics === 'check') return { ...run, output: isKept ? run.output : '' };
    return { output: '', errors: run.errors, warnings: [], applied: 0 };
  } finally {
    // Newest mark first: the marks of one journal nest.
    if (isKept) context.spd.commit(spdMark);
    else context.spd.rollback(spdMark);
    if (isKept) context.sad.commit(sadMark);
    else context.sad.rollback(sadMark);
  }
}

/** What would be refused whatever the databases hold, for statements that are not tried. */
function standingRefusal(statement: Statement): SetkeyFailure[] {
  const error = checkStatement(statement);
  return error === null ? [] : [refusal(error)];
}

function inOrder(failures: readonly SetkeyFailure[]): SetkeyFailure[] {
  return failures.toSorted((left, right) => (isBefore(left, right) ? -1 : isBefore(right, left) ? 1 : 0));
}

function isBefore(left: Position, right: Position): boolean {
  return left.line < right.line || (left.line === right.line && left.column < right.column);
}

/** A refusal as the contract carries it. @throws what is no expected failure. */
export function refusal(error: unknown): SetkeyFailure {
  if (!(error instanceof IpsecError)) throw error;
  const { message, hint, errno, details } = error;
  const position = { line: Number(details['line'] ?? 1), column: Number(details['column'] ?? 1) };
  return { ...position, message, hint, isSyntax: false, ...(errno === null ? {} : { errno }) };
}

function runAll(statements: readonly Statement[], context: SetkeyContext): SetkeyRun {
  const errors: SetkeyFailure[] = [];
  const applied: Statement[] = [];
  let output = '';
  for (const statement of statements) {
    try {
      output += execute(statement, context);
      applied.push(statement);
    } catch (error) {
      errors.push(refusal(error));
    }
  }
  const warnings = statementWarnings(applied).map(formatWarning);
  return { output, errors, warnings, applied: applied.length };
}

function syntaxFailure({ line, column, message, hint }: SetkeyError): SetkeyFailure {
  return { line, column, message, hint, isSyntax: true };
}
