/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contract } from '#core/api/contract.ts';
import { dispatch, type Caller } from '#core/api/dispatch.ts';
import { eventSchema, toApiEvent } from '#core/api/event.ts';
import { profileContract, type ProfileMethod } from '#core/api/profile-contract.ts';
import { FakeProfiles } from '#test/support/profile/fake-profiles.ts';
import { exampleInput, exampleProfile, exampleSecrets } from '#test/support/profile/profiles.ts';

const root: Caller = { uid: 0, pid: 77, canOperate: true };
const guest: Caller = { uid: 1000, pid: 78, canOperate: false };

/** Asks as a client would: everything crosses as JSON. */
async function ask(profiles: FakeProfiles, method: string, params: unknown, caller = root): Promise<unknown> {
  const wire: unknown = JSON.parse(JSON.stringify(params));
  return dispatch(profiles.machine.gateway, method, wire, caller, profiles.control);
}

test('carries out every method, every result fits the contract, and none holds a key', async () => {
  const profiles = new FakeProfiles();
  const unresolved = { ...exampleInput, name: 'far', peer: { host: 'vpn.example.com' }, interface: 'ipsec1' };
  const calls: [ProfileMethod, unknown][] = [
    ['profile.create', { profile: exampleInput, secrets: exampleSecrets }],
    ['profile.create', { profile: unresolved, secrets: 'generate' }],
    ['profile.up', { name: 'office' }],
    ['profile.up', { name: 'far' }],
    ['profile.list', {}],
    ['profile.show', { name: 'far' }],
    ['profile.edit', { name: 'office', revision: 1, profile: exampleInput, secrets: 'keep' }],
    ['profile.edit', { name: 'office', revision: 2, profile: exampleInput, secrets: exampleSecrets }],
    ['interface.change', { name: 'ipsec0', ifconfig: 'mtu 1400', isCheck: true }],
    ['profile.export', { name: 'office', format: 'setkey', isPeer: true, withKeys: false }],
    ['profile.rename', { name: 'office', to: 'home' }],
    ['profile.down', { name: 'home' }],
    ['profile.delete', { name: 'home' }],
    [
      'profile.import',
      { files: [{ name: 'office.json', text: JSON.stringify({ profile: exampleInput, secrets: exampleSecrets }) }] },
    ],
    ['profile.saveImport', { names: ['imported'] }],
  ];
  let token: unknown = null;
  for (const [method, asked] of calls) {
    const params = method === 'profile.saveImport' ? { ...(asked as object), token } : asked;
    const answer = await dispatch(profiles.machine.gateway, method, params, root, profiles.control);
    if (answer.ok && 'token' in answer.value) token = answer.value.token;
    assert.ok(answer.ok, `${method}: ${JSON.stringify(answer)}`);
    const parsed = contract[method].result.safeParse(answer.value);
    assert.ok(parsed.success, `${method}: ${parsed.error?.message}`);
    assert.deepEqual(answer.value, parsed.data, `${method} gives nothing that the contract does not name`);
    assert.doesNotMatch(JSON.stringify(answer), /1{16}|2{16}|3{16}|4{16}/);
  }
  assert.deepEqual(new Set(calls.map(([method]) => method)), new Set(Object.keys(profileContract)));
});

test('who is told that a profile is saved may rely on what it refuses from then on', async () => {
  const profiles = new FakeProfiles();
  const refused = (answer: unknown): unknown => (answer as { value: { refused: unknown } }).value.refused;
  const always = { ...exampleInput, failClosed: 'always' };
  const created = await ask(profiles, 'profile.create', { profile: always, secrets: exampleSecrets });
  const isRefused = (destination: string): boolean =>
    profiles.machine.host.routes.some((route) => route.destination === destination && route.kind === 'reject');
  assert.deepEqual([refused(created), isRefused('10.2.0.0/16')], [['10.2.0.0/16'], true]);
  const edit = { name: 'office', revision: 1, profile: { ...always, routes: ['10.3.0.0/16'] }, secrets: 'keep' };
  const edited = await ask(profiles, 'profile.edit', edit);
  assert.deepEqual(
    [refused(edited), isRefused('10.2.0.0/16'), isRefused('10.3.0.0/16')],
    [['10.3.0.0/16'], false, true],
  );
  const text = JSON.stringify({
    profile: { ...always, name: 'other', routes: ['10.4.0.0/16'] },
    secrets: exampleSecrets,
  });
  const read = await ask(profiles, 'profile.import', { files: [{ name: 'other.json', text }] });
  const { token } = (read as { value: { token: unknown } }).value;
  await ask(profiles, 'profile.saveImport', { token, names: [null] });
  assert.ok(isRefused('10.4.0.0/16'));
});

test('anyone may list and show, and only the operator may do more', async () => {
  const profiles = new FakeProfiles();
  profiles.control.create(exampleProfile(), exampleSecrets);
  for (const [method, { access }] of Object.entries(profileContract)) {
    const answer = JSON.stringify(await ask(profiles, method, { name: 'office' }, guest));
    assert.equal(answer.includes('API_DENIED'), access === 'operate', method);
  }
});

test('an export alone gives keys, to the operator, when asked to by name', async () => {
  const profiles = new FakeProfiles();
  profiles.control.create(exampleProfile(), exampleSecrets);
  const silent = { name: 'office', format: 'json', isPeer: false };
  const params = { ...silent, withKeys: true };
  assert.match(JSON.stringify(await ask(profiles, 'profile.export', params)), /1{32}/);
  assert.doesNotMatch(JSON.stringify(await ask(profiles, 'profile.export', params, guest)), /1{32}/);
  assert.match(JSON.stringify(await ask(profiles, 'profile.export', silent)), /API_BAD_PARAMS/);
});

test('a key of a wrong shape is refused by its field, and not repeated', async () => {
  const profiles = new FakeProfiles();
  const secrets = structuredClone(exampleSecrets);
  const pair = { ...secrets.pairs[0], out: { encryption: 'feedbeef!', integrity: null } };
  const answer = JSON.stringify(
    await ask(profiles, 'profile.create', { profile: exampleInput, secrets: { ...secrets, pairs: [pair] } }),
  );
  assert.match(answer, /API_BAD_PARAMS/);
  assert.doesNotMatch(answer, /feedbeef/);
});

test('where no profiles are kept their methods are unknown', async () => {
  const { machine } = new FakeProfiles();
  const answer = await dispatch(machine.gateway, 'profile.list', {}, root);
  assert.ok(!answer.ok && answer.error.code === 'API_UNKNOWN_METHOD');
});

test('events of profiles fit the contract', () => {
  const profiles = new FakeProfiles();
  profiles.control.create(exampleProfile(), exampleSecrets);
  const [event] = profiles.events;
  assert.ok(event !== undefined);
  assert.deepEqual(eventSchema.parse(toApiEvent(event, 0)), { ...event, dropped: 0 });
});
