/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { paddingKinds } from '#core/crypto/transform.ts';
import {
  defaultOptions,
  readAssociation,
  readDeleteAll,
  readNamed,
  readWhole,
} from '#core/setkey/reading/association-parser.ts';
import { Lexer } from '#core/setkey/lexer.ts';
import { TokenReader } from '#core/setkey/reading/token-reader.ts';

const at = { line: 1, column: 1 };
const readerOf = (text: string): TokenReader => new TokenReader(new Lexer(text));

test('options may come in any order; what is left out has setkey’s default', () => {
  const { options } = readAssociation(
    readerOf('1.1.1.1 2.2.2.2 esp 256 -bs 1 -r 4 -f random-pad -esn -m tunnel;'),
    'add',
    at,
  );
  assert.deepEqual(options, {
    ...defaultOptions,
    softBytes: 1,
    replayBytes: 4,
    padding: paddingKinds.random,
    hasEsn: true,
    mode: 'tunnel',
  });
  assert.deepEqual(readAssociation(readerOf('1.1.1.1 2.2.2.2 esp 256;'), 'add', at).options, defaultOptions);
});

test('SPIs are decimal or hexadecimal, of 32 bits', () => {
  const spiOf = (text: string): number => readNamed(readerOf(`1.1.1.1 2.2.2.2 esp ${text};`), 'get', at).spi;
  assert.equal(spiOf('0x2711'), 10001);
  assert.equal(spiOf('4294967295'), 0xffffffff);
  assert.throws(() => spiOf('0x100000000'), /SPI too big/);
  assert.throws(() => spiOf('abc'), /expected an SPI/);
});

test('esp-udp takes ports and an original address', () => {
  const { source, natOriginal, marks } = readAssociation(
    readerOf('1.1.1.1[4500] 2.2.2.2 esp-udp 10.0.0.9 256;'),
    'add',
    at,
  );
  assert.deepEqual([source.port, natOriginal], [4500, '10.0.0.9']);
  assert.deepEqual(marks.natOriginal, { line: 1, column: 31 });
});

test('an unknown option is named with the nearest known one', () => {
  assert.throws(
    () => readNamed(readerOf('1.1.1.1 2.2.2.2 esp 256 -esp_fragg 5;'), 'get', at),
    (error: { details: { suggestion: string } }) => {
      assert.equal(error.details.suggestion, '-esp_frag');
      return true;
    },
  );
});

test('deleteall has no SPI; flush and dump may name a protocol', () => {
  const { source, destination, protocol } = readDeleteAll(readerOf('1.1.1.1 2.2.2.2 ah;'), at);
  assert.deepEqual([source, destination, protocol], ['1.1.1.1', '2.2.2.2', 'ah']);
  assert.equal(readWhole(readerOf(';'), 'flush', at).protocol, null);
  assert.equal(readWhole(readerOf('esp;'), 'dump', at).protocol, 'esp');
});
