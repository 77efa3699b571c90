/**
 * The words of `ifconfig ipsecN …` to actions: core/ifconfig's language, given as words and without positions. Every
 * word is read before the first action happens, so a line with a wrong word changes nothing.
 * @module
 */
import { readStatements } from '#core/ifconfig/statement-parser.ts';
import type { InterfaceChange } from '#core/ifconfig/syntax.ts';
import { WordReader, wordsOf } from '#core/ifconfig/word-reader.ts';

/** Read the words behind an interface's name. @throws {IpsecError} `IFCONFIG_WORD`, `ADDRESS_*`, `PREFIX_SYNTAX`, `PORT_RANGE`, `INTERFACE_MTU`. */
export function parseIfconfigWords(words: readonly string[]): InterfaceChange[] {
  return readStatements(new WordReader(wordsOf(words))).map(({ position: _position, ...change }) => change);
}
