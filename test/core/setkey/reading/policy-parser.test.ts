/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Lexer } from '#core/setkey/lexer.ts';
import { readPolicy, readPolicyAdd } from '#core/setkey/reading/policy-parser.ts';
import type { PolicyStatement } from '#core/setkey/syntax.ts';
import { TokenReader } from '#core/setkey/reading/token-reader.ts';

const at = { line: 1, column: 1 };
const read = (text: string): PolicyStatement => readPolicy(new TokenReader(new Lexer(text)), 'spdadd', at);

test('a selector has prefixes, ports and an upper protocol', () => {
  const { source, destination, upper } = read('10.0.0.0/8[any] 2001:db8::1[domain] udp -P in none;');
  assert.deepEqual(
    [source, destination],
    [
      { prefix: '10.0.0.0/8', port: 0 },
      { prefix: '2001:db8::1/128', port: 53 },
    ],
  );
  assert.deepEqual(upper, { protocol: 17, message: null, greKey: null });
});

test('ICMP may have a type and a code, GRE a key', () => {
  assert.deepEqual(read('1.1.1.1 2.2.2.2 icmp 8 -P in none;').upper.message, { type: 8, code: null });
  assert.deepEqual(read('::1 ::2 icmp6 135,0 -P in none;').upper.message, { type: 135, code: 0 });
  assert.equal(read('1.1.1.1 2.2.2.2 gre 0.0.1.0 -P in none;').upper.greKey, 256);
  assert.equal(read('1.1.1.1 2.2.2.2 gre 77 -P in none;').upper.greKey, 77);
});

test('a rule is read with endpoints in every form', () => {
  const endpointsOf = (rule: string): unknown =>
    read(`1.1.1.1 2.2.2.2 any -P out ipsec ${rule};`).policy.rules[0]?.endpoints;
  assert.equal(endpointsOf('esp/transport'), null);
  assert.equal(endpointsOf('esp/transport//use'), null);
  assert.equal(endpointsOf('esp/tunnel/me-any/use'), 'me-any');
  const pair = { source: { address: '1.1.1.1', port: 0 }, destination: { address: '2.2.2.2', port: 0 } };
  assert.deepEqual(endpointsOf('esp/tunnel/1.1.1.1-2.2.2.2/use'), pair);
  assert.deepEqual(endpointsOf('esp/tunnel/1.1.1.1[any]-2.2.2.2[5]/use'), {
    ...pair,
    destination: { address: '2.2.2.2', port: 5 },
  });
});

test('a level may be left out behind its slash, and endpoints before the next rule', () => {
  const rulesOf = (rules: string): unknown =>
    read(`1.1.1.1 2.2.2.2 any -P out ipsec ${rules};`).policy.rules.map(({ protocol, endpoints, level }) => [
      ...[protocol, endpoints === null ? null : 'pair', level],
    ]);
  assert.deepEqual(rulesOf('esp/tunnel/1.1.1.1-2.2.2.2/'), [['esp', 'pair', 'default']]);
  assert.deepEqual(rulesOf('esp/tunnel/1.1.1.1-2.2.2.2/ ah/transport'), [
    ['esp', 'pair', 'default'],
    ['ah', null, 'default'],
  ]);
  assert.deepEqual(rulesOf('esp/transport/ ah/transport//use'), [
    ['esp', null, 'default'],
    ['ah', null, 'use'],
  ]);
  assert.throws(() => rulesOf('esp/transport//'), /expected a level/);
});

test('rules may follow any action; ipsec needs one, but not to delete', () => {
  assert.equal(read('1.1.1.1 2.2.2.2 any -P out none esp/transport//use ah/transport;').policy.rules.length, 2);
  assert.throws(() => read('1.1.1.1 2.2.2.2 any -P out ipsec;'), /expected a rule/);
  const shortest = new TokenReader(new Lexer('1.1.1.1 2.2.2.2 any -P out ipsec;'));
  assert.deepEqual(readPolicy(shortest, 'spddelete', at).policy.rules, []);
});

test('a priority is kept as text, with its place', () => {
  const { policy, marks } = read('1.1.1.1 2.2.2.2 any -P out priority high - 5 none;');
  assert.equal(policy.priority, 'high - 5');
  assert.deepEqual(marks.priority, { line: 1, column: 28 });
});

test('a tagged policy has a name in place of a selector', () => {
  const statement = readPolicyAdd(new TokenReader(new Lexer('tagged "wan" -P in none;')), 'spdadd', at);
  assert.equal(statement.kind === 'tagged' && statement.tag, 'wan');
});

test('the direction alone is enough only to delete', () => {
  assert.throws(() => read('1.1.1.1 2.2.2.2 any -P in;'), /expected an action/);
  assert.equal(
    readPolicy(new TokenReader(new Lexer('1.1.1.1 2.2.2.2 any -P in;')), 'spddelete', at).policy.action,
    null,
  );
});
