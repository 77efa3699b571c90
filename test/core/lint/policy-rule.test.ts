import assert from 'node:assert/strict';
import { test } from 'node:test';
import { policyRule } from '#core/lint/policy-rule.ts';
import { readFiles } from '#core/lint/read-files.ts';

const judge = (...lines: readonly string[]) =>
  policyRule(readFiles([{ name: 'p.conf', text: lines.map((line) => `spdadd ${line};\n`).join('') }])).map(
    ({ code, line }) => [code, line],
  );
const shadowed = [['POLICY_SHADOWED', 2]];

test('a policy behind one that covers all that it covers never decides (RFC 4301 §4.4.1)', () => {
  assert.deepEqual(judge('10.0.0.0/8 0.0.0.0/0 any -P out none', '10.1.0.0/16 1.2.3.4 tcp -P out discard'), shadowed);
  assert.deepEqual(
    judge('10.0.0.1[0] 1.2.3.4[0] tcp -P out none', '10.0.0.1 1.2.3.4[22] tcp -P out discard'),
    shadowed,
  );
});

test('the narrow before the wide is how it should be', () => {
  assert.deepEqual(judge('10.1.0.0/16 1.2.3.4 tcp -P out discard', '10.0.0.0/8 0.0.0.0/0 any -P out none'), []);
});

test('nothing is covered across directions, families, protocols or ports', () => {
  for (const [wide, narrow] of [
    ['0.0.0.0/0 0.0.0.0/0 any -P out none', '10.0.0.1 1.2.3.4 any -P in discard'],
    ['0.0.0.0/0 0.0.0.0/0 any -P out none', 'fd00::1 fd00::2 any -P out discard'],
    ['10.0.0.0/8 0.0.0.0/0 udp -P out none', '10.0.0.1 1.2.3.4 any -P out discard'],
    ['10.0.0.0/8 0.0.0.0/0[22] tcp -P out none', '10.0.0.1 1.2.3.4[23] tcp -P out discard'],
    ['10.0.0.0/8 0.0.0.0/0[22] tcp -P out none', '10.0.0.1 1.2.3.4 tcp -P out discard'],
  ] as const) {
    assert.deepEqual(judge(wide, narrow), [], `${wide}; ${narrow}`);
  }
});

test('the same selector twice is a duplicate, and not shadowed besides', () => {
  assert.deepEqual(judge('10.0.0.1 1.2.3.4 any -P out none', '10.0.0.1 1.2.3.4 any -P out discard'), [
    ['POLICY_DUPLICATE', 2],
  ]);
});

test('twenty thousand policies between one pair of hosts are compared in a moment', () => {
  const ports = Array.from({ length: 20_000 }, (_, index) => `10.0.0.1[${index + 1}] 10.0.0.2 tcp -P out none`);
  const wide = '10.0.0.0/8 10.0.0.2[22] any -P out none';
  const input = readFiles([{ name: 'p.conf', text: [wide, ...ports].map((line) => `spdadd ${line};\n`).join('') }]);
  const before = process.cpuUsage();
  assert.deepEqual(policyRule(input), []);
  // Comparing each with each takes minutes. Time of the processor: the machine may be busy with something else.
  assert.ok(process.cpuUsage(before).user < 15_000_000);
});
