/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readStatements } from '#core/ifconfig/statement-parser.ts';
import { ifconfigWords } from '#core/ifconfig/syntax.ts';
import { WordReader, wordsOf } from '#core/ifconfig/word-reader.ts';

const parse = (line: string): unknown[] => readStatements(new WordReader(wordsOf(line.split(' '))));

test('each statement knows where its first word stands', () => {
  assert.deepEqual(parse('up mtu 1400 -link2'), [
    { kind: 'up', isUp: true, position: { line: 1, column: 1 } },
    { kind: 'mtu', mtu: 1400, position: { line: 1, column: 4 } },
    { kind: 'flag', flag: 'link2', isSet: false, position: { line: 1, column: 13 } },
  ]);
});

test('every word of the table is known to the parser, at its place', () => {
  const behind: Readonly<Record<string, string>> = {
    prefixlen: '10.0.0.1 prefixlen 24',
    netmask: '10.0.0.1 netmask 0xff000000',
  };
  const needs: Readonly<Record<string, string>> = {
    tunnel: ' 192.0.2.1 192.0.2.2',
    inet: ' 10.0.0.1',
    inet6: ' ::1',
    alias: '',
    '-alias': ' 10.0.0.1',
    delete: ' 10.0.0.1',
    mtu: ' 1280',
  };
  for (const word of ifconfigWords) {
    const line = word === 'alias' ? 'inet alias 10.0.0.1' : (behind[word] ?? `${word}${needs[word] ?? ''}`);
    assert.equal(parse(line).length, 1, line);
  }
});

test('a wrong word is refused where it stands', () => {
  assert.throws(() => parse('up dwon'), {
    code: 'IFCONFIG_WORD',
    details: { line: 1, column: 4, word: 'dwon', suggestion: 'down' },
  });
});
