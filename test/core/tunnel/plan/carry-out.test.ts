import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IpsecError } from '#core/base/error.ts';
import { drySteps } from '#core/tunnel/command/interface-steps.ts';
import { carryOutSteps, type CarrySurroundings } from '#core/tunnel/plan/carry-out.ts';
import { scratchDatabases } from '#core/tunnel/plan/read-desired.ts';
import type { Step } from '#core/tunnel/plan/step.ts';
import { Transaction } from '#core/tunnel/transaction.ts';
import { testAssociation } from '#test/support/associations.ts';

const at = { file: 'f', line: 3, column: 5 };

function surroundings(): CarrySurroundings & { readonly said: unknown[] } {
  const databases = scratchDatabases();
  const transaction = new Transaction();
  const said: unknown[] = [];
  return {
    ...{ databases, transaction, said, host: null, now: 0, pid: 0 },
    interface: drySteps(databases.ipsecif, transaction),
    detach: (name) => said.push(`detach ${name}`),
    resume: (_id, sequence) => said.push(`resume ${sequence}`),
    announce: ({ kind }) => said.push(kind),
  };
}

test('steps are carried out in order, and a change of the databases is announced', async () => {
  const around = surroundings();
  const steps: Step[] = [
    { kind: 'createInterface', name: 'ipsec0', at },
    { kind: 'setMtu', name: 'ipsec0', mtu: 1300, at },
    { kind: 'addAssociation', desired: { spec: testAssociation(1000), owner: null, resumeAt: 0, at }, at },
    { kind: 'removeInterface', name: 'ipsec0', at: null },
  ];
  await carryOutSteps(steps, around);
  assert.equal(around.databases.ipsecif.get('ipsec0').mtu, 1300);
  assert.deepEqual(around.said, ['association', 'detach ipsec0']);
});

test('an association that comes back goes on behind its number', async () => {
  const around = surroundings();
  const desired = { spec: testAssociation(1000), owner: null, resumeAt: 500, at };
  await carryOutSteps([{ kind: 'addAssociation', desired, at: null }], around);
  assert.deepEqual(around.said, ['resume 500', 'association']);
});

test('a refusal names the place that asked for it, where a file did', async () => {
  const step = { kind: 'setMtu', name: 'ipsec7', mtu: 1300 } as const;
  const refusal = async (place: Step['at']): Promise<IpsecError> => {
    const outcome = await carryOutSteps([{ ...step, at: place }], surroundings()).catch((error: unknown) => error);
    assert.ok(outcome instanceof IpsecError);
    return outcome;
  };
  const { file, line, column } = (await refusal(at)).details;
  assert.deepEqual({ file, line, column }, at);
  assert.equal((await refusal(null)).details['file'], undefined);
});
