/**
 * The parser of ifconfig(8)'s language: text → lines, and every error in it at once. Never throws.
 *
 * It reads /etc/ifconfig.ipsecN as ifconfig.if(5) describes it, a line an ifconfig command without the interface's name,
 * and the commands themselves: `ifconfig ipsecN …`, also with a path or `culvert` in front. `#` begins a comment where a
 * word would begin; `!` at the start of a line is a shell command, which is kept and never run.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import { isInterfaceName } from '#core/ipsecif/interface.ts';
import type { IfconfigLine } from './syntax.ts';
import { readStatements } from './statement-parser.ts';
import { refuse, showWord, WordReader, type Word } from './word-reader.ts';

/** One error; `line` and `column` count from 1. */
export type IfconfigError = {
  readonly line: number;
  readonly column: number;
  /** What happened, with the word at fault. */
  readonly message: string;
  /** What helps. */
  readonly hint: string;
  /** The nearest known word; null when none is near. */
  readonly suggestion: string | null;
};

/** What a text holds. With errors present none of it should be carried out. */
export type ParsedIfconfig = { readonly lines: IfconfigLine[]; readonly errors: IfconfigError[] };

/** After so many errors the rest of the text is not read: it is not ifconfig's language. */
export const maximumErrors = 100;

/** Parse ifconfig text. Never throws. */
export function parseIfconfig(text: string): ParsedIfconfig {
  const lines: IfconfigLine[] = [];
  const errors: IfconfigError[] = [];
  const sources = text.replace(/^\ufeff/, '').split('\n');
  // What follows the last line feed is a line only when something stands there.
  if (sources.at(-1) === '') sources.pop();
  for (const [index, source] of sources.entries()) {
    if (errors.length >= maximumErrors) break;
    try {
      lines.push(readLine(source, index + 1));
    } catch (error) {
      errors.push(toError(error));
    }
  }
  return { lines, errors };
}

function readLine(source: string, line: number): IfconfigLine {
  const shell = /^\s*!/.exec(source);
  if (shell !== null) {
    const column = shell[0].length;
    return { kind: 'shell', position: { line, column }, command: source.slice(column).trim() };
  }
  const { words, comment } = splitLine(source, line);
  const position = words[0]?.position ?? { line, column: 1 };
  if (words.length === 0) return { kind: 'blank', position, comment };
  const { name, rest } = splitName(words);
  const statements = readStatements(new WordReader(rest, { line, column: source.trimEnd().length + 1 }));
  return { kind: 'statements', position, name, statements, comment };
}

function splitLine(source: string, line: number): { words: Word[]; comment: string | null } {
  const words: Word[] = [];
  // Sticky: a comment to the end of the line, or a word.
  const pattern = /\s*(?:#(.*)|(\S+))/gsy;
  for (let match = pattern.exec(source); match !== null; match = pattern.exec(source)) {
    const [, comment, text = ''] = match;
    if (comment !== undefined) return { words, comment: comment.trimEnd() };
    words.push({ text, position: { line, column: pattern.lastIndex - text.length + 1 } });
  }
  return { words, comment: null };
}

/** Take `[culvert] [PATH/]ifconfig ipsecN` or `ipsecN` off the front. */
function splitName(words: readonly Word[]): { name: string | null; rest: readonly Word[] } {
  const start = words[0]?.text === 'culvert' ? 1 : 0;
  const isCommand = /^(\/[\w/.-]*\/)?ifconfig$/.test(words[start]?.text ?? '');
  const at = isCommand ? start + 1 : 0;
  const word = words[at];
  if (word !== undefined && isInterfaceName(word.text)) return { name: word.text, rest: words.slice(at + 1) };
  if (!isCommand) return { name: null, rest: words };
  const position = word?.position ?? words[start]?.position ?? { line: 1, column: 1 };
  const message =
    word === undefined
      ? '"ifconfig" needs the name of an interface'
      : `"${showWord(word.text)}" is not the name of an ipsec interface`;
  throw refuse('INTERFACE_NAME', message, position, { field: 'name' });
}

function toError(error: unknown): IfconfigError {
  if (!(error instanceof IpsecError)) throw error;
  const { message, hint, details } = error;
  const { line, column, suggestion } = details;
  return {
    line: Number(line),
    column: Number(column),
    message,
    hint,
    suggestion: typeof suggestion === 'string' ? suggestion : null,
  };
}
