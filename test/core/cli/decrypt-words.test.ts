/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseStartSequences } from '#core/cli/decrypt-words.ts';
import { thrownCode } from '#test/support/thrown-code.ts';

test('a high word is the upper half of a sequence number, in decimal or hexadecimal', () => {
  const starts = parseStartSequences(['0x1000=1', '4096=0x2', '4294967295=4294967295']);
  assert.deepEqual(
    [...starts],
    [
      [4096, 0x2_0000_0000n],
      [0xffffffff, 0xffff_ffff_0000_0000n],
    ],
  );
});

test('what is no SPI and no number in reach is refused', () => {
  for (const word of ['', '1000', '=1', '0x1000=', '0x1000=-1', '0x1000=4294967296', '0x1000=1=1', 'x=1', '1e3=1']) {
    assert.equal(
      thrownCode(() => parseStartSequences([word])),
      'DECRYPT_USAGE',
      word,
    );
  }
  assert.equal(
    thrownCode(() => parseStartSequences(['255=1'])),
    'SPI_RESERVED',
  );
  assert.equal(
    thrownCode(() => parseStartSequences(['4294967296=1'])),
    'SPI_RANGE',
  );
});
