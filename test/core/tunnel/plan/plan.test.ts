import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareFiles } from '#core/tunnel/plan/file-difference.ts';
import { comparePlan, type Plan } from '#core/tunnel/plan/plan.ts';
import { machineState } from '#core/tunnel/plan/machine-state.ts';
import { scratchDatabases } from '#core/tunnel/plan/read-desired.ts';

const key = (from: string, to: string, spi: number, reqid: number, digit: string): string =>
  `add ${from} ${to} esp ${spi} -u ${reqid} -E aes-cbc 0x${digit.repeat(32)} -A hmac-sha256 0x${'6b'.repeat(32)};\n`;
const machine = (digit = '5', peer = '10.0.0.2') => [
  { name: 'ifconfig.ipsec0', text: `create\ntunnel 10.0.0.1 ${peer}\nup\n` },
  {
    name: 'sa.conf',
    text: key('10.0.0.1', peer, 1000, 16_386, digit) + key(peer, '10.0.0.1', 1001, 16_385, digit),
  },
];

async function plan(before: ReturnType<typeof machine>, after: ReturnType<typeof machine>): Promise<Plan> {
  const outcome = await compareFiles(before, after);
  assert.deepEqual(outcome.problems, []);
  assert.ok(outcome.plan !== null);
  return outcome.plan;
}

test('two states that are the same make a plan of nothing, and it says how much stays', async () => {
  const { interfaces, associations, policies, drops, unchanged } = await plan(machine(), machine());
  assert.deepEqual([interfaces, associations, policies, drops], [[], [], [], []]);
  assert.deepEqual(unchanged, { interfaces: 1, associations: 2, policies: 4 });
});

test('other keys begin new sequence numbers and want the other end to change, and no key is in the plan', async () => {
  const rekeyed = await plan(machine(), machine('7'));
  assert.deepEqual(
    rekeyed.associations.map(({ fate, keepsSequence }) => [fate, keepsSequence]),
    [
      ['changed', false],
      ['changed', false],
    ],
  );
  assert.deepEqual(
    rekeyed.drops.map(({ cause }) => cause),
    ['other-end'],
  );
  assert.ok(!/7777|5555/.test(JSON.stringify(rekeyed)));
});

test('another peer is told as moved addresses', async () => {
  const { drops } = await plan(machine(), machine('5', '10.0.0.3'));
  assert.match(drops.find(({ cause }) => cause === 'other-end')?.why ?? '', /other outer addresses/);
});

test('notes are handed on, and a tunnel that drops already is not new', () => {
  const databases = scratchDatabases();
  databases.ipsecif.create('ipsec0');
  const state = machineState(databases);
  const { notes, drops } = comparePlan(state, state, ['a note.']);
  assert.deepEqual(notes, ['a note.']);
  assert.deepEqual(
    drops.map(({ cause, isNew }) => [cause, isNew]),
    [['down', false]],
  );
});
