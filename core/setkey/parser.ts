/**
 * The parser of setkey(8)'s language: text → statements and every syntax error in it at once. Never throws.
 *
 * After an error it goes on behind the next `;`, or at a line that begins with a command word where a `;` was forgotten.
 * `exit`, `quit` and `bye` end the text. Comments and the place of each statement are in document.ts.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import { errorCatalog } from '#core/base/error-catalog.ts';
import { assertNever } from '#core/base/invariant.ts';
import { readAssociation, readDeleteAll, readNamed, readWhole } from '#core/setkey/reading/association-parser.ts';
import { isCommandWord, Lexer, type Span, type Token } from './lexer.ts';
import { readPolicy, readPolicyAdd } from '#core/setkey/reading/policy-parser.ts';
import { commandWords, type Statement } from './syntax.ts';
import { TokenReader } from '#core/setkey/reading/token-reader.ts';

/** One syntax error. Neither message nor token ever shows a key. */
export type SetkeyError = Span & {
  readonly line: number;
  readonly column: number;
  /** What happened and where, e.g. `syntax error, expected a mode at [trnsport]`. */
  readonly message: string;
  /** What should have stood there. */
  readonly expected: string;
  /** What stands there. */
  readonly token: string;
  /** The nearest known word; null when none is near. */
  readonly suggestion: string | null;
  /** What helps. */
  readonly hint: string;
};

/** What a text holds. The statements are those that parsed; with errors present none of them should be carried out. */
export type ParsedSetkey = { readonly statements: Statement[]; readonly errors: SetkeyError[] };

/** Who hears what the parser meets, in the order of the text. */
export type ParserListener = {
  /** A statement, with its `;`. */
  statement(statement: Statement, span: Span): void;
  /** An error, and what was passed over because of it. */
  failure(error: SetkeyError, passedOver: Span): void;
  /** A comment. Those just behind a statement come before it. */
  comment?(span: Span): void;
};

/** After so many errors the rest of the text is not read: it is not setkey's language. */
export const maximumErrors = 1000;

/** Parse setkey text. Never throws. */
export function parseSetkey(text: string): ParsedSetkey {
  const statements: Statement[] = [];
  const errors: SetkeyError[] = [];
  walkSetkey(text, {
    statement: (statement) => void statements.push(statement),
    failure: (error) => void errors.push(error),
  });
  return { statements, errors };
}

/** Parse setkey text piece by piece; gives where reading stopped, which is before the end after `exit` or too many errors. */
export function walkSetkey(text: string, listener: ParserListener): number {
  const reader = new TokenReader(new Lexer(text, listener.comment?.bind(listener)));
  let errors = 0;
  while (reader.peek().kind !== 'end') {
    const start = reader.peek();
    if (errors === maximumErrors) {
      listener.failure(tooManyErrors(start), { from: start.offset, to: text.trimEnd().length });
      return start.offset;
    }
    try {
      const statement = readStatement(reader);
      listener.statement(statement, { from: start.offset, to: reader.lastEnd });
      if (statement.kind === 'exit') return reader.lastEnd;
    } catch (error) {
      const place = reader.peek();
      errors++;
      resynchronise(reader, start);
      listener.failure(toSetkeyError(error, place), { from: start.offset, to: reader.lastEnd });
    }
  }
  return text.length;
}

/** The known words and marks that may stand at the end of `text`; none where what stands before makes no sense. */
export function wantedAtEnd(text: string): ReadonlySet<string> {
  const reader = new TokenReader(new Lexer(text));
  for (;;) {
    const start = reader.peek();
    try {
      const statement = readStatement(reader);
      if (statement.kind === 'exit') return new Set();
    } catch (error) {
      if (!(error instanceof IpsecError)) throw error;
      if (reader.peek().kind === 'end') return reader.wanted;
      resynchronise(reader, start);
      const isEnded = text.charAt(reader.lastEnd - 1) === ';';
      if (reader.peek().kind === 'end' && !isEnded) return new Set();
    }
  }
}

function readStatement(reader: TokenReader): Statement {
  const statement = readCommand(reader);
  reader.expectMark(';', 'the end of the statement, ";"');
  return statement;
}

function readCommand(reader: TokenReader): Statement {
  const position = reader.position();
  const command = reader.choose(commandWords, 'a command (add, delete, flush, dump, spdadd …)');
  switch (command) {
    case 'add':
    case 'update':
      return readAssociation(reader, command, position);
    case 'get':
    case 'delete':
      return readNamed(reader, command, position);
    case 'deleteall':
      return readDeleteAll(reader, position);
    case 'flush':
    case 'dump':
      return readWhole(reader, command, position);
    case 'spdadd':
    case 'spdupdate':
      return readPolicyAdd(reader, command, position);
    case 'spddelete':
      return readPolicy(reader, command, position);
    case 'spdflush':
    case 'spddump':
      return { kind: command, position };
    case 'exit':
    case 'quit':
    case 'bye':
      return { kind: 'exit', position };
    default:
      return assertNever(command);
  }
}

/** Skip the rest of the statement that began with `start`; at least one token. */
function resynchronise(reader: TokenReader, start: Token): void {
  for (;;) {
    const token = reader.peek();
    const isStart = token.offset === start.offset;
    if (token.kind === 'end' || (!isStart && token.isFirstOfLine && isCommandWord(token.text))) return;
    if (reader.next().kind === 'mark' && token.text === ';') return;
  }
}

function toSetkeyError(error: unknown, { offset, length }: Token): SetkeyError {
  if (!(error instanceof IpsecError) || error.code !== 'SETKEY_SYNTAX') throw error;
  const { line, column, expected, token, suggestion, remedy } = error.details;
  const nearest = typeof suggestion === 'string' ? suggestion : null;
  const isSaid = error.message.includes(String(expected));
  const general = isSaid ? errorCatalog.SETKEY_SYNTAX.hint : `Expected: ${String(expected)}.`;
  return {
    from: offset,
    to: offset + length,
    line: Number(line),
    column: Number(column),
    message: error.message,
    expected: String(expected),
    token: String(token),
    suggestion: nearest,
    hint: typeof remedy === 'string' ? remedy : nearest === null ? general : `Did you mean "${nearest}"?`,
  };
}

function tooManyErrors({ line, column, offset, length }: Token): SetkeyError {
  return {
    ...{ from: offset, to: offset + length, line, column },
    message: `more than ${maximumErrors} syntax errors: the rest of the text is not read`,
    expected: 'setkey text',
    token: '',
    suggestion: null,
    hint: errorCatalog.SETKEY_SYNTAX.hint,
  };
}
