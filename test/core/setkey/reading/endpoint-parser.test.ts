/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  readEndpoint,
  readLookup,
  readSecurityContext,
  readSelectorEnd,
} from '#core/setkey/reading/endpoint-parser.ts';
import { Lexer } from '#core/setkey/lexer.ts';
import { TokenReader } from '#core/setkey/reading/token-reader.ts';

const readerOf = (text: string): TokenReader => new TokenReader(new Lexer(text));
const anyLookup = { family: null, isNumeric: false } as const;

test('look-up flags combine, the last family counts', () => {
  assert.deepEqual(readLookup(readerOf('-4n 1.2.3.4')), { family: 4, isNumeric: true });
  assert.deepEqual(readLookup(readerOf('-4 -6 x')), { family: 6, isNumeric: false });
  assert.deepEqual(readLookup(readerOf('1.2.3.4')), anyLookup);
});

test('addresses come out canonical, ports as numbers, [any] as 0', () => {
  assert.deepEqual(readEndpoint(readerOf('2001:DB8:0::1[isakmp]'), anyLookup, 'a source'), {
    address: '2001:db8::1',
    port: 500,
  });
  assert.deepEqual(readSelectorEnd(readerOf('10.0.0.0/8[any]'), anyLookup, 'a source'), {
    prefix: '10.0.0.0/8',
    port: 0,
  });
  assert.deepEqual(readSelectorEnd(readerOf('fe80::1%em0'), anyLookup, 'a source'), {
    prefix: 'fe80::1%em0/128',
    port: 0,
  });
});

test('refuses names, loose spellings, wrong families, long prefixes and bad ports', () => {
  const texts = [
    'gw.example',
    '10.1',
    '010.0.0.1',
    '300.0.0.1',
    '10.0.0.0/33',
    '10.0.0.0/',
    '1.2.3.4[70000]',
    '1.2.3.4[80',
    ';',
    '"1.2.3.4"',
  ];
  for (const text of texts) {
    assert.throws(() => readSelectorEnd(readerOf(text), anyLookup, 'a source'), { code: 'SETKEY_SYNTAX' }, text);
  }
  const onlyIpv6 = { family: 6, isNumeric: false } as const;
  assert.throws(() => readEndpoint(readerOf('1.2.3.4'), onlyIpv6, 'a source'), /IPv6 \(flag -6\)/);
});

test('a name gets told what to write in its place', () => {
  const remedyOf = (text: string): unknown => {
    try {
      return readEndpoint(readerOf(text), anyLookup, 'a source');
    } catch (error) {
      return (error as { details: Record<string, unknown> }).details['remedy'];
    }
  };
  for (const name of ['gw.example', 'gateway', 'a-1.example.', '10.0.0.x'])
    assert.match(String(remedyOf(name)), /getent/);
  for (const text of ['10.1', '300.0.0.1', '10.0.0.0x', ';', '::g', '-x', 'a..b'])
    assert.equal(remedyOf(text), undefined, text);
});

test('a security context is two numbers and a string', () => {
  const { doi, algorithm, text } = readSecurityContext(readerOf('1 2 "system_u:x"'));
  assert.deepEqual({ doi, algorithm, text }, { doi: 1, algorithm: 2, text: 'system_u:x' });
  assert.throws(() => readSecurityContext(readerOf('1 2 x')), { code: 'SETKEY_SYNTAX' });
});
