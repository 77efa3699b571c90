/**
 * The parser of setkey(8)'s language: text → statements and every syntax error in it at once. Never throws.
 *
 * After an error it goes on behind the next `;`, or at a line that begins with a command word where a `;` was forgotten.
 * `exit`, `quit` and `bye` end the text.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import { errorCatalog } from '#core/base/error-catalog.ts';
import { assertNever } from '#core/base/invariant.ts';
import { readAssociation, readDeleteAll, readNamed, readWhole } from './association-parser.ts';
import { isCommandWord, tokenize } from './lexer.ts';
import { readPolicy, readPolicyAdd } from './policy-parser.ts';
import { commandWords, type Statement } from './syntax.ts';
import { TokenReader } from './token-reader.ts';

/** One syntax error. Neither message nor token ever shows a key. */
export type SetkeyError = {
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

/** After so many errors the rest of the text is not read: it is not setkey's language. */
export const maximumErrors = 100;

/** Parse setkey text. Never throws. */
export function parseSetkey(text: string): ParsedSetkey {
  const reader = new TokenReader(tokenize(text));
  const statements: Statement[] = [];
  const errors: SetkeyError[] = [];
  while (reader.peek().kind !== 'end' && errors.length < maximumErrors) {
    const before = reader.position();
    try {
      const statement = readStatement(reader);
      statements.push(statement);
      if (statement.kind === 'exit') break;
    } catch (error) {
      errors.push(toSetkeyError(error));
      resynchronise(reader, before.line, before.column);
    }
  }
  return { statements, errors };
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

/** Skip the rest of the statement that began at `line` and `column`. */
function resynchronise(reader: TokenReader, line: number, column: number): void {
  for (;;) {
    const token = reader.peek();
    const isStart = token.line === line && token.column === column;
    if (token.kind === 'end' || (!isStart && token.isFirstOfLine && isCommandWord(token.text))) return;
    if (reader.next().kind === 'mark' && token.text === ';') return;
  }
}

function toSetkeyError(error: unknown): SetkeyError {
  if (!(error instanceof IpsecError) || error.code !== 'SETKEY_SYNTAX') throw error;
  const { line, column, expected, token, suggestion } = error.details;
  const nearest = typeof suggestion === 'string' ? suggestion : null;
  const isSaid = error.message.includes(String(expected));
  const general = isSaid ? errorCatalog.SETKEY_SYNTAX.hint : `Expected: ${String(expected)}.`;
  return {
    line: Number(line),
    column: Number(column),
    message: error.message,
    expected: String(expected),
    token: String(token),
    suggestion: nearest,
    hint: nearest === null ? general : `Did you mean "${nearest}"?`,
  };
}
