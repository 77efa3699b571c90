import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lifetimeRule } from '#core/lint/lifetime-rule.ts';
import { readFiles } from '#core/lint/read-files.ts';

const add = (spi: number, options: string): string =>
  `add 192.0.2.1 198.51.100.1 esp ${spi} ${options} -E aes-gcm-16 0x${'5a'.repeat(20)};\n`;
const judge = (...texts: readonly string[]) =>
  lifetimeRule(readFiles(texts.map((text, index) => ({ name: `${index}.conf`, text }))));

test('each kind is told once a file, at the first association, with how many there are', () => {
  const found = judge(add(1000, '-r 8 -lh 60') + add(1001, '') + add(1002, ''), add(1003, '-r 8'));
  assert.deepEqual(
    found.map(({ code, file, line, message }) => [code, file, line, message]),
    [
      ['LIFETIME_MISSING', '0.conf', 2, '2 associations have no hard lifetime'],
      ['LIFETIME_MISSING', '1.conf', 1, 'the association has no hard lifetime'],
      ['REPLAY_UNCHECKED', '0.conf', 2, '2 associations have no replay window'],
    ],
  );
});

test('a limit of bytes is a lifetime too', () => {
  assert.deepEqual(judge(add(1000, '-r 8 -bh 1000000')), []);
});
