/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSetkey } from '#core/setkey/parser.ts';
import { toDirection, toPolicySpec, toSelector } from '#core/setkey/policy-spec.ts';
import type { PolicyStatement } from '#core/setkey/syntax.ts';

function statementOf(text: string): PolicyStatement {
  const [statement] = parseSetkey(text).statements;
  assert.ok(statement?.kind === 'spdadd');
  return statement;
}

test('setkey’s actions are those of RFC 4301 (§4.4.1)', () => {
  const actionOf = (words: string): string =>
    toPolicySpec(statementOf(`spdadd 1.1.1.1 2.2.2.2 any -P out ${words};`)).action;
  assert.deepEqual(
    [actionOf('ipsec esp/transport'), actionOf('none'), actionOf('discard')],
    ['protect', 'bypass', 'discard'],
  );
});

test('fwd is in', () => {
  assert.deepEqual([toDirection('in'), toDirection('out'), toDirection('fwd')], ['in', 'out', 'in']);
});

test('message type and code stand where ports stand', () => {
  const selector = toSelector(statementOf('spdadd ::1 ::2 icmp6 135,3 -P in none;'));
  assert.deepEqual([selector.sourcePort, selector.destinationPort, selector.upperProtocol], [135, 3, 58]);
});

test('message type and code 0 are themselves where they are written, and any where they are not', () => {
  const zero = { first: 0, last: 0 };
  const cases = [
    ['icmp 0,0', zero, zero],
    ['icmp 0', zero, 0],
    ['icmp 3,0', 3, zero],
    ['icmp', 0, 0],
  ] as const;
  for (const [words, type, code] of cases) {
    const { sourcePort, destinationPort } = toSelector(statementOf(`spdadd 1.1.1.1 2.2.2.2 ${words} -P in none;`));
    assert.deepEqual([sourcePort, destinationPort], [type, code], words);
  }
});

test('a level without a reqid asks for none', () => {
  const [request] = toPolicySpec(
    statementOf('spdadd 1.1.1.1 2.2.2.2 any -P out ipsec esp/transport//unique;'),
  ).requests;
  assert.deepEqual(request, { protocol: 'esp', mode: 'transport', level: 'unique', reqid: 0 });
});

test('rules behind none and discard mean nothing', () => {
  for (const action of ['none', 'discard']) {
    const { requests } = toPolicySpec(
      statementOf(`spdadd 1.1.1.1 2.2.2.2 any -P out ${action} ah/tunnel/1.1.1.1-2.2.2.2/use;`),
    );
    assert.deepEqual(requests, [], action);
  }
});

test('endpoints of a transport rule that repeat the selector are accepted, others refused', () => {
  const requestsOf = (pair: string): number =>
    toPolicySpec(statementOf(`spdadd 1.1.1.1 2.2.2.2 any -P out ipsec esp/transport/${pair}/use;`)).requests.length;
  assert.equal(requestsOf('1.1.1.1-2.2.2.2'), 1);
  for (const pair of ['2.2.2.2-1.1.1.1', 'me-any', '1.1.1.1[5]-2.2.2.2']) {
    assert.throws(() => requestsOf(pair), { code: 'POLICY_UNSUPPORTED' }, pair);
  }
});
