import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PlanView } from '#core/api/configuration-contract.ts';
import { formatPlan, formatProblems, isUnchanged } from '#core/cli/plan/plan-output.ts';

const empty: PlanView = {
  ...{ interfaces: [], associations: [], policies: [], drops: [], notes: [] },
  unchanged: { interfaces: 1, associations: 2, policies: 4 },
};

test('a plan of nothing says how much stays', () => {
  assert.ok(isUnchanged(empty));
  assert.equal(formatPlan(empty), 'nothing changes (1 interface, 2 associations, 4 policies)\n');
});

test('each fate has its mark, values are told from what to what, and keys only that they differ', () => {
  const mtu = { what: 'mtu', before: '1280', after: '1400' };
  const plan: PlanView = {
    ...empty,
    interfaces: [
      { fate: 'removed', name: 'ipsec1', changes: [mtu] },
      { fate: 'changed', name: 'ipsec0', changes: [mtu] },
    ],
    associations: [
      {
        ...{ fate: 'changed', key: '10.0.0.2 1000', text: '10.0.0.1 10.0.0.2 esp 0x000003e8', spi: 1000 },
        ...{ changes: [{ what: 'keys', before: null, after: null }], keepsSequence: false },
      },
    ],
  };
  assert.ok(!isUnchanged(plan));
  assert.equal(
    formatPlan(plan),
    [
      'interfaces:',
      '  - ipsec1',
      '  ~ ipsec0',
      '      mtu 1280 -> 1400',
      'associations:',
      '  ~ 10.0.0.1 10.0.0.2 esp 0x000003e8',
      '      keys differ',
      '      sequence numbers begin again',
      'unchanged: 1 interface, 2 associations, 4 policies\n',
    ].join('\n'),
  );
});

test('a problem has the place that setkey would name, and what helps', () => {
  const problem = { file: 'sa.conf', line: 2, column: 5, message: 'no such word', hint: 'Write add.' };
  assert.equal(formatProblems('plan', [problem]), 'plan: sa.conf:2:5: no such word\n  Write add.\n');
  assert.equal(formatProblems('plan', [{ ...problem, file: '' }]), 'plan: no such word\n  Write add.\n');
});
