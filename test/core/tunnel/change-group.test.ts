import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLog } from '#core/base/port.ts';
import { initialSettings } from '#core/ipsecif/interface-options.ts';
import { ChangeGroup } from '#core/tunnel/change-group.ts';
import { Databases } from '#core/tunnel/databases.ts';
import { Deployment } from '#core/tunnel/deployment.ts';
import { testAssociation } from '#test/support/associations.ts';
import { FakeDatapath, FakeHost, FakeIvStore, FakeTransforms } from '#test/support/fake-machine.ts';

function bench() {
  const databases = new Databases({ limit: 10 }, initialSettings);
  const datapath = new FakeDatapath();
  const machine = { host: new FakeHost(), datapath, transforms: new FakeTransforms(), ivStore: new FakeIvStore() };
  const { sad, ipsecif } = databases;
  const deployment = new Deployment({ ...machine, log: silentLog, sad, ipsecif });
  const steps: string[] = [];
  const group = new ChangeGroup({ databases, deployment, log: silentLog });
  const add = (spi: number) =>
    group.change('refuse', async (transaction) => {
      databases.sad.add(testAssociation(spi), 0, 1);
      transaction.onRollback(() => void steps.push(`undo ${spi}`));
      transaction.onCommit(() => void steps.push(`tell ${spi}`));
    });
  return { ...machine, databases, group, add, steps };
}

test('a command that fails is taken back alone; the others are published once, and told afterwards', async () => {
  const { group, add, steps, datapath } = bench();
  await add(300);
  await assert.rejects(add(300));
  await add(301);
  assert.deepEqual(steps, []);
  await group.finish();
  assert.deepEqual(
    datapath.published.map(({ inbound }) => inbound.map(({ spi }) => spi)),
    [[300, 301]],
  );
  assert.deepEqual(steps, ['tell 300', 'tell 301']);
});

test('when the workers refuse, everything is taken back, newest first, and nothing is told', async () => {
  const { group, add, steps, datapath, databases, transforms } = bench();
  await add(300);
  await add(301);
  let failures = 1;
  datapath.check = () => {
    if (failures-- > 0) throw new Error('no worker');
  };
  await assert.rejects(group.finish(), /no worker/);
  assert.deepEqual(steps, ['undo 301', 'undo 300']);
  assert.deepEqual([databases.sad.size, transforms.live.size, datapath.current.inbound.length], [0, 0, 0]);
});
