import assert from 'node:assert/strict';
import { test } from 'node:test';
import { machineState } from '#core/tunnel/plan/machine-state.ts';
import { scratchDatabases } from '#core/tunnel/plan/read-desired.ts';
import { testAssociation } from '#test/support/associations.ts';

test('a state stays true after its databases have changed', () => {
  const databases = scratchDatabases();
  databases.ipsecif.create('ipsec0');
  const association = databases.sad.add(testAssociation(1000), 0, 0);
  const before = machineState(databases);
  databases.ipsecif.setMtu('ipsec0', 1300);
  databases.sad.delete(association);
  const after = machineState(databases);
  assert.deepEqual([...before.associations.keys()], ['192.0.2.2 1000']);
  assert.deepEqual([...after.associations.keys()], []);
  assert.notEqual(before.interfaces.get('ipsec0')?.mtu, 1300);
  assert.equal(after.interfaces.get('ipsec0')?.mtu, 1300);
  assert.deepEqual(
    before.drops.map(({ cause }) => cause),
    ['down'],
  );
});
