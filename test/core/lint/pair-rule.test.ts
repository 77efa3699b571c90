import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pairRule } from '#core/lint/pair-rule.ts';
import { readFiles } from '#core/lint/read-files.ts';

const [near, far] = ['192.0.2.1', '198.51.100.1'];
const add = (from: string, to: string, spi: number, reqid: number): string =>
  `add ${from} ${to} esp ${spi} -u ${reqid} -E aes-gcm-16 0x${'5a'.repeat(20)};\n`;
const tunnel = { name: 'ifconfig.ipsec0', text: `create\ntunnel ${near} ${far}\n` };
const judge = (text: string, ...more: readonly { readonly name: string; readonly text: string }[]) =>
  pairRule(readFiles([{ name: 'sa.conf', text }, ...more])).map(({ code, file, line }) => [code, file, line]);

test('a pair that fits its interface has no finding', () => {
  assert.deepEqual(judge(add(near, far, 1000, 16_386) + add(far, near, 1001, 16_385), tunnel), []);
});

test('one way without the other is told once, however many associations go it', () => {
  assert.deepEqual(judge(add(near, far, 1000, 0) + add(near, far, 1001, 0)), [['PAIR_ONE_SIDED', 'sa.conf', 1]]);
});

test('an SPI belongs to its destination: the same number the other way is no clash', () => {
  assert.deepEqual(judge(add(near, far, 1000, 0) + add(far, near, 1000, 0)), []);
  const twice = add(near, far, 1000, 0) + add(far, near, 1000, 0) + add('192.0.2.9', far, 1000, 0);
  assert.ok(judge(twice).some(([code, , line]) => code === 'SPI_CLASH' && line === 3));
});

test('the reqid of the other direction does not fit', () => {
  const [found, ...more] = judge(add(near, far, 1000, 16_385) + add(far, near, 1001, 16_385), tunnel);
  assert.deepEqual([found, more.length], [['REQID_UNMATCHED', 'sa.conf', 1], 0]);
});

test('under link0 any reqid fits', () => {
  const any = { ...tunnel, text: `create\nlink0\ntunnel ${near} ${far}\n` };
  assert.deepEqual(judge(add(near, far, 1000, 5) + add(far, near, 1001, 6), any), []);
});

test('what fits no interface is unused, unless a policy of the files asks for it', () => {
  const other = '203.0.113.7';
  const pair = add(near, far, 1000, 16_386) + add(far, near, 1001, 16_385);
  const stray = pair + add(near, other, 1002, 0) + add(other, near, 1003, 0);
  assert.deepEqual(judge(stray, tunnel), [
    ['PAIR_UNUSED', 'sa.conf', 3],
    ['PAIR_UNUSED', 'sa.conf', 4],
  ]);
  const policies = [
    [near, other, 'out'],
    [other, near, 'in'],
  ].map(([from, to, way]) => `spdadd ${from} ${to} any -P ${way} ipsec esp/transport//require;\n`);
  assert.deepEqual(judge(stray + policies.join(''), tunnel), []);
});

test('an interface is keyless when nothing can be sent, and an interface’s file alone is no mistake', () => {
  const second = { name: 'ifconfig.ipsec1', text: `create\ntunnel ${near} 203.0.113.7\n` };
  const pair = add(near, far, 1000, 16_386) + add(far, near, 1001, 16_385);
  assert.deepEqual(judge(pair, tunnel, second), [['INTERFACE_KEYLESS', 'ifconfig.ipsec1', 2]]);
  assert.deepEqual(judge('', tunnel), []);
});

test('a policy of whole networks uses the associations of their hosts, and one that lets packets pass uses none', () => {
  const pair = add(near, far, 1000, 16_386) + add(far, near, 1001, 16_385);
  const stray = add('10.1.0.1', '10.2.0.1', 1002, 0) + add('10.2.0.1', '10.1.0.1', 1003, 0);
  const policies = (does: string): string =>
    `spdadd 10.1.0.0/16 10.2.0.0/16 tcp -P out ${does};\nspdadd 10.2.0.0/16 10.1.0.0/16 tcp -P in ${does};\n`;
  assert.deepEqual(judge(pair + stray + policies('ipsec esp/transport//require'), tunnel), []);
  assert.deepEqual(judge(pair + stray + policies('none'), tunnel), [
    ['PAIR_UNUSED', 'sa.conf', 3],
    ['PAIR_UNUSED', 'sa.conf', 4],
  ]);
});
