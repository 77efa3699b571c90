/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { looksLikeAddress, readInner } from '#core/ifconfig/address-parser.ts';
import { WordReader, wordsOf } from '#core/ifconfig/word-reader.ts';

function parse(line: string): unknown {
  const reader = new WordReader(wordsOf(line.split(' ')));
  return readInner(reader, reader.take('', ''), null);
}

test('a netmask is dotted, hexadecimal or decimal, and has no holes', () => {
  for (const mask of ['255.255.255.0', '0xffffff00', '4294967040']) {
    assert.deepEqual(parse(`10.0.0.1 netmask ${mask}`), {
      kind: 'address',
      address: '10.0.0.1',
      prefixLength: 24,
      peer: null,
    });
  }
  for (const mask of ['255.0.255.0', '0xff00ff00', '-1', '0x', '4294967296', 'ffffff00', '']) {
    assert.throws(() => parse(`10.0.0.1 netmask ${mask}`), { code: 'PREFIX_SYNTAX' }, mask);
  }
  assert.throws(() => parse('2001:db8::1 netmask 255.255.255.0'), { code: 'PREFIX_SYNTAX' });
});

test('the length of 0.0.0.0 as a netmask is 0, and of 255.255.255.255 is 32', () => {
  assert.deepEqual(parse('10.0.0.1 netmask 0.0.0.0'), {
    kind: 'address',
    address: '10.0.0.1',
    prefixLength: 0,
    peer: null,
  });
  assert.deepEqual(parse('10.0.0.1/8 netmask 255.255.255.255'), {
    kind: 'address',
    address: '10.0.0.1',
    prefixLength: 32,
    peer: null,
  });
});

test('errors point at the part of the word that is wrong', () => {
  const cases = [
    ['10.0.0.1/33', { line: 1, column: 10, field: 'prefixlen' }],
    ['10.0.0.1/', { line: 1, column: 10, field: 'prefixlen' }],
    ['10.0.0.1/8/9', { line: 1, column: 10, field: 'prefixlen' }],
    ['10.0.0.1 2001:db8::1', { line: 1, column: 10, field: 'peer' }],
  ] as const;
  for (const [line, details] of cases) assert.throws(() => parse(line), { details }, line);
});

test('words that look like addresses are told from others', () => {
  for (const text of ['10.0.0.1', '::1', 'fe80::1%em0', '10.0.0.1/8', '1.2']) assert.ok(looksLikeAddress(text), text);
  for (const text of ['up', 'dead', '10', '-link0', '']) assert.ok(!looksLikeAddress(text), text);
});
