/**
 * How failed setkey statements are told: setkey(8)'s own lines on standard output, byte for byte, and on standard error
 * where it is (file, line, column), the line itself with a caret, keys hidden, and what helps.
 * @module
 */
import { errnoText, isErrno } from '#core/base/errno.ts';
import type { SetkeyError } from '#core/setkey/parser.ts';
import { sourceExcerpts, type Excerpter } from '#core/setkey/source-excerpt.ts';
import { sentence } from './complaint.ts';
import type { Terminal } from './terminal.ts';

/** A failed statement, from the parser here or from the helper. */
export type Failure = {
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly hint: string;
  readonly isSyntax: boolean;
  readonly errno?: string | undefined;
};

/** What the parser here found, as the helper would tell it. */
export function syntaxFailure({ line, column, message, hint }: SetkeyError): Failure {
  return { line, column, message, hint, isSyntax: true };
}

/** Tell of `failures` in a text, in their order. */
export function reportFailures(
  { name, text }: { readonly name: string; readonly text: string },
  failures: readonly Failure[],
  terminal: Pick<Terminal, 'print' | 'complain'>,
): void {
  const excerptAt = sourceExcerpts(text);
  for (const failure of failures) {
    terminal.print(`${setkeyLine(failure)}\n`);
    terminal.complain(`${name}:${failure.line}:${failure.column}:\n${explain(excerptAt, failure)}`);
  }
}

/** The line that setkey(8) prints. */
function setkeyLine(failure: Failure): string {
  const { line, message, isSyntax } = failure;
  return isSyntax ? `line ${line}: ${message}` : `The result of line ${line}: ${sentence(resultText(failure))}`;
}

/** All of a failure in one text: setkey's line, the source line with a caret, and what helps. */
export function formatFailure(excerptAt: Excerpter, failure: Failure): string {
  return `${setkeyLine(failure)}\n${explain(excerptAt, failure)}`;
}

function explain(excerptAt: Excerpter, failure: Failure): string {
  const { line, column, message, hint, isSyntax, errno } = failure;
  const excerpt = excerptAt(line, column).replace(/^/gm, '    ');
  const help = isSyntax || errno === undefined ? hint : `${sentence(message)} ${hint}`;
  return `${excerpt}\n  ${help}\n`;
}

/** strerror(3), but setkey has words of its own for ENOENT. */
function resultText({ errno, message }: Failure): string {
  if (errno === 'ENOENT') return 'No entry';
  return errno !== undefined && isErrno(errno) ? errnoText[errno] : message;
}
