import assert from 'node:assert/strict';
import { test } from 'node:test';
import { algorithmRule } from '#core/lint/algorithm-rule.ts';
import { readFiles } from '#core/lint/read-files.ts';

const [near, far] = ['192.0.2.1', '198.51.100.1'];
const key = (bytes: number): string => `0x${'5a'.repeat(bytes)}`;
const judge = (text: string) => algorithmRule(readFiles([{ name: 'sa.conf', text }]));

test('an algorithm that RFC 8221 advises against is forbidden, and the reason is the registry’s', () => {
  const [found, ...more] = judge(`add ${near} ${far} esp 1000 -E 3des-cbc ${key(24)} -A hmac-sha256 ${key(32)};`);
  assert.equal(more.length, 0);
  assert.deepEqual([found?.code, found?.line, found?.column], ['ALGORITHM_FORBIDDEN', 1, 1]);
  assert.match(found?.reason ?? '', /RFC 8221: SHOULD NOT/);
});

test('encryption and integrity are judged apart', () => {
  const text = `add ${near} ${far} esp 1000 -E 3des-cbc ${key(24)} -A hmac-sha1 ${key(20)};`;
  assert.deepEqual(
    judge(text).map(({ code }) => code),
    ['ALGORITHM_FORBIDDEN', 'ALGORITHM_DATED'],
  );
});

test('a combined mode needs no integrity of its own, a block cipher does', () => {
  assert.deepEqual(judge(`add ${near} ${far} esp 1000 -E aes-gcm-16 ${key(20)};`), []);
  const [bare] = judge(`add ${near} ${far} esp 1000 -E aes-cbc ${key(16)};`);
  assert.equal(bare?.code, 'INTEGRITY_MISSING');
});

test('two directions that differ in the length of a key alone are mixed, and that is told once', () => {
  const one = (from: string, to: string, spi: number, bytes: number): string =>
    `add ${from} ${to} esp ${spi} -E aes-cbc ${key(bytes)} -A hmac-sha256 ${key(32)};\n`;
  const text = one(near, far, 1000, 16) + one(far, near, 1001, 32) + one(far, near, 1002, 32);
  const [found, ...more] = judge(text);
  assert.equal(more.length, 0);
  assert.equal(found?.code, 'ALGORITHM_MIXED');
  assert.match(found.message, /128-bit keys.*256-bit keys/);
  assert.deepEqual(judge(one(near, far, 1000, 16) + one(far, near, 1001, 16)), []);
});
