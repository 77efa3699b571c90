/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseIfconfig } from '#core/ifconfig/parser.ts';
import { printIfconfig } from '#core/ifconfig/printer.ts';
import { lineArbitrary, withoutPositions } from './line-arbitrary.ts';

test('what is printed parses to the same tree', () => {
  fc.assert(
    fc.property(fc.array(lineArbitrary, { maxLength: 8 }), (lines) => {
      const { lines: parsed, errors } = parseIfconfig(printIfconfig(lines));
      assert.deepEqual(errors, []);
      assert.deepEqual(withoutPositions(parsed), withoutPositions(lines));
    }),
  );
});

test('a file in its usual spelling prints as it was, but for spacing', () => {
  const text =
    '# ours\ncreate\nlink0 -link2 # NAT-T\n\ntunnel 192.0.2.1,4500 198.51.100.1,4500\ninet 10.0.0.1/32 10.0.0.2\n';
  assert.equal(
    printIfconfig(parseIfconfig(`${text}  !route   add x\nipsec0  up`).lines),
    `${text}!route   add x\nifconfig ipsec0 up\n`,
  );
});

test('other spellings come out in one', () => {
  const print = (text: string): string => printIfconfig(parseIfconfig(text).lines);
  assert.equal(print('10.0.0.1 netmask 255.255.255.0'), 'inet 10.0.0.1/24\n');
  assert.equal(print('inet6 alias 2001:DB8::1 prefixlen 64'), 'inet6 2001:db8::1/64\n');
  assert.equal(print('delete 10.0.0.1'), 'inet -alias 10.0.0.1\n');
  assert.equal(print('inet6 tunnel 2001:db8::1 2001:db8::2'), 'tunnel 2001:db8::1 2001:db8::2\n');
});
