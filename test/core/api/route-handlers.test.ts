/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dispatch, type Caller } from '#core/api/dispatch.ts';
import { FakeMachine } from '#test/support/fake-machine.ts';

const root: Caller = { uid: 0, pid: 77, canOperate: true };
const request = {
  ...{ destination: '192.168.0.0/16', kind: 'unicast', gateway: '172.16.2.1', interface: null, source: null },
  isFailClosed: false,
};

async function machine(): Promise<FakeMachine> {
  const made = new FakeMachine();
  await made.gateway.runIfconfig('create tunnel 10.0.0.1 10.0.0.2 inet 172.16.1.1/32 172.16.2.1', 'file', 'ipsec0');
  return made;
}

test('a word that is no address or prefix is refused with its field', async () => {
  const { gateway } = await machine();
  for (const [field, value] of [
    ['destination', '192.168.0.0/33'],
    ['gateway', 'gateway.example'],
    ['source', '1.2.3'],
  ] as const) {
    const answer = await dispatch(gateway, 'route.add', { ...request, [field]: value }, root);
    assert.ok(!answer.ok);
    assert.equal(answer.error.details['field'], field);
  }
});

test('everyone may look at routes, and only who may operate changes them', async () => {
  const { gateway } = await machine();
  const guest = { ...root, uid: 1000, canOperate: false };
  assert.ok((await dispatch(gateway, 'route.list', {}, guest)).ok);
  assert.ok((await dispatch(gateway, 'route.get', { destination: '192.0.2.1' }, guest)).ok);
  for (const method of ['route.add', 'route.change', 'route.delete', 'route.flush']) {
    const answer = await dispatch(gateway, method, request, guest);
    assert.ok(!answer.ok && answer.error.code === 'API_DENIED', method);
  }
});

test('a route is given as it is listed', async () => {
  const { gateway } = await machine();
  const answer = await dispatch(gateway, 'route.add', request, root);
  assert.ok(answer.ok);
  const route = {
    ...{ destination: '192.168.0.0/16', kind: 'unicast', interface: 'ipsec0', gateway: '172.16.2.1', source: null },
    ...{ metric: 0, origin: 'culvert' },
  };
  assert.deepEqual(answer.value, { route });
  assert.deepEqual(await dispatch(gateway, 'route.list', {}, root), { ok: true, value: { routes: [route] } });
});
