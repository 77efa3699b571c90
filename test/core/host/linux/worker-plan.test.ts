import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bankCount, banksOf, planWorkers, singleWorkers, type WorkerPlan } from '#core/host/linux/worker-plan.ts';

test('two processors have one worker a direction, more have more, and a number is taken as it is within limits', () => {
  const auto = (processors: number): number => planWorkers('auto', processors).outbound;
  assert.deepEqual([1, 2, 3, 4, 6, 8, 64].map(auto), [1, 1, 1, 2, 3, 4, 4]);
  assert.deepEqual(planWorkers(3, 2), { outbound: 3, inbound: 3 });
  assert.deepEqual(planWorkers(99, 2), { outbound: 16, inbound: 16 });
  assert.deepEqual(planWorkers(0, 2), singleWorkers);
});

test('no two workers write one cell: of an interface in one direction, or of an association that several send on', () => {
  const plans: WorkerPlan[] = [singleWorkers, { outbound: 4, inbound: 1 }, { outbound: 1, inbound: 3 }];
  for (const plan of [...plans, { outbound: 4, inbound: 4 }]) {
    const outbound = Array.from({ length: plan.outbound }, (_, index) => banksOf('outbound', index, plan));
    const inbound = Array.from({ length: plan.inbound }, (_, index) => banksOf('inbound', index, plan));
    for (const rows of [outbound, inbound]) {
      assert.equal(new Set(rows.map(({ interfaces }) => interfaces)).size, rows.length);
    }
    assert.equal(new Set(outbound.map(({ associations }) => associations)).size, outbound.length);
    const banks = [...outbound, ...inbound].flatMap(({ interfaces, associations }) => [interfaces, associations]);
    assert.equal(Math.max(0, ...banks), bankCount(plan) - 1);
    if (plan.outbound > 1) assert.ok(outbound.every(({ associations }) => associations > 0));
    assert.ok(inbound.every(({ associations }) => associations === 0));
  }
});
