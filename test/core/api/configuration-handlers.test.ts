import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAnswer } from '#core/api/answer.ts';
import { dispatch } from '#core/api/dispatch.ts';
import { configurationContract } from '#core/api/configuration-contract.ts';
import { FakeMachine } from '#test/support/fake-machine.ts';

const operator = { uid: 0, pid: 9, canOperate: true };
const guest = { uid: 1000, pid: 9, canOperate: false };
const files = [{ name: 'ifconfig.ipsec0', text: 'create\ntunnel 10.0.0.1 10.0.0.2\nup\n' }];

test('a change is applied with its time in seconds, waits, and is taken back when that is asked', async () => {
  const { gateway } = new FakeMachine();
  const ask = async (method: string, params: unknown) => dispatch(gateway, method, params, operator);
  const applied = await ask('configuration.apply', { files, confirmSeconds: 60 });
  assert.deepEqual(parseAnswer('configuration.apply', applied).problems, []);
  const { pending } = parseAnswer('configuration.pending', await ask('configuration.pending', {}));
  assert.equal((pending?.deadlineMs ?? 0) - (pending?.sinceMs ?? 0), 60_000);
  parseAnswer('configuration.revert', await ask('configuration.revert', {}));
  assert.deepEqual(gateway.status().interfaces, []);
  const { lastRevert } = parseAnswer('configuration.pending', await ask('configuration.pending', {}));
  assert.deepEqual([lastRevert?.why, lastRevert?.problem], ['asked', null]);
});

test('a change that is confirmed stays', async () => {
  const { gateway } = new FakeMachine();
  await dispatch(gateway, 'configuration.apply', { files, confirmSeconds: 60 }, operator);
  parseAnswer('configuration.confirm', await dispatch(gateway, 'configuration.confirm', {}, operator));
  assert.equal(gateway.status().interfaces.length, 1);
  assert.match(JSON.stringify(await dispatch(gateway, 'configuration.confirm', {}, operator)), /PLAN_NOT_PENDING/);
});

test('a way back that is misspelled is refused, not forgotten', async () => {
  const { gateway } = new FakeMachine();
  const answer = await dispatch(gateway, 'configuration.apply', { files, confirmMs: 60_000 }, operator);
  assert.ok(!answer.ok && answer.error.code === 'API_BAD_PARAMS');
  assert.deepEqual(gateway.status().interfaces, []);
});

test('who may not operate changes nothing', async () => {
  const { gateway } = new FakeMachine();
  for (const [method, { access }] of Object.entries(configurationContract)) {
    const params =
      method === 'configuration.apply' ? { files, confirmSeconds: null } : { files, direction: 'to-files' };
    const answer = JSON.stringify(await dispatch(gateway, method, params, guest));
    assert.equal(answer.includes('API_DENIED'), access === 'operate', method);
  }
  assert.deepEqual(gateway.status().interfaces, []);
});
