/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IpsecError } from '#core/base/error.ts';
import { RouteWatch } from '#core/tunnel/profile/route-watch.ts';
import { FakeProfiles } from '#test/support/profile/fake-profiles.ts';
import { exampleProfile, exampleSecrets } from '#test/support/profile/profiles.ts';

/** `office` is up, and ten seconds have passed. */
async function upOffice(failClosed: 'while-up' | 'never' = 'while-up'): Promise<FakeProfiles> {
  const profiles = new FakeProfiles();
  profiles.control.create(exampleProfile({ failClosed, routes: ['10.2.0.0/16', '10.3.0.0/16'] }), exampleSecrets);
  await profiles.control.up('office');
  await profiles.pass(10);
  return profiles;
}

/** Another program removes what `isGone` says. */
function remove({ machine }: FakeProfiles, kind: 'unicast' | 'reject', destination: string): void {
  machine.host.routes = machine.host.routes.filter((one) => one.kind !== kind || one.destination !== destination);
}

const warnings = ({ machine }: FakeProfiles): string[] =>
  machine.lines.filter(({ level }) => level === 'warn').map(({ message }) => message);

test('routes into a tunnel that another program removes are told, with what is refused now; up makes them anew', async () => {
  const profiles = await upOffice();
  assert.deepEqual([profiles.control.show('office').problem, profiles.control.show('office').refused], [null, []]);
  remove(profiles, 'unicast', '10.2.0.0/16');
  await profiles.pass(9);
  assert.equal(profiles.control.show('office').problem, null);
  profiles.events.length = 0;
  await profiles.pass(1);
  const { phase, problem, refused } = profiles.control.show('office');
  assert.deepEqual([phase, problem?.code, refused], ['on', 'PROFILE_LOST', ['10.2.0.0/16']]);
  assert.match(problem?.message ?? '', /removed routes into ipsec0: 10\.2\.0\.0\/16/);
  assert.ok(profiles.events.some(({ name }) => name === 'office'));
  assert.deepEqual(warnings(profiles), ['another program has removed routes of a profile']);
  await profiles.pass(10);
  assert.equal(warnings(profiles).length, 1, 'told once');
  const again = await profiles.control.up('office');
  assert.deepEqual([again.phase, again.problem, again.refused], ['on', null, []]);
  assert.ok(
    profiles.machine.host.routes.some(({ kind, destination }) => kind === 'unicast' && destination === '10.2.0.0/16'),
  );
});

test('up looks first: what was removed a moment ago is made anew', async () => {
  const profiles = await upOffice('never');
  remove(profiles, 'unicast', '10.3.0.0/16');
  await profiles.control.up('office');
  assert.ok(profiles.machine.host.routes.some(({ destination }) => destination === '10.3.0.0/16'));
});

test('a tunnel that is whole is left alone by up, with its associations', async () => {
  const profiles = await upOffice();
  const ids = (): number[] => profiles.machine.gateway.status().associations.map(({ id }) => id);
  const before = ids();
  await profiles.control.up('office');
  assert.deepEqual(ids(), before);
});

test('a route that an edit takes away is not missed, and one that comes back is told no longer', async () => {
  const profiles = await upOffice();
  remove(profiles, 'unicast', '10.2.0.0/16');
  await profiles.pass(10);
  assert.equal(profiles.control.show('office').problem?.code, 'PROFILE_LOST');
  profiles.control.edit('office', 1, exampleProfile({ routes: ['10.3.0.0/16'] }), 'keep');
  await profiles.pass(0);
  await profiles.pass(10);
  assert.equal(profiles.control.show('office').problem, null);
});

test('what refuses networks comes back when another program removes it, also of a profile that is off', async () => {
  const profiles = await upOffice();
  const isRefused = (destination: string): boolean =>
    profiles.machine.host.routes.some((one) => one.kind === 'reject' && one.destination === destination);
  remove(profiles, 'reject', '10.2.0.0/16');
  await profiles.pass(10);
  assert.ok(isRefused('10.2.0.0/16'));
  assert.match(warnings(profiles).join(), /they are back/);
  profiles.control.create(
    exampleProfile({ name: 'shut', interface: 'ipsec1', failClosed: 'always', routes: ['10.9.0.0/16'] }),
    exampleSecrets,
  );
  await profiles.control.down('office');
  await profiles.pass(0);
  remove(profiles, 'reject', '10.9.0.0/16');
  await profiles.pass(10);
  assert.ok(isRefused('10.9.0.0/16'));
});

test('what cannot be looked at is told once, and never to whoever waits', async () => {
  const told: unknown[] = [];
  const write = (message: string): void => void told.push(message);
  let error = new IpsecError('HOST_FAILED', 'the routes cannot be read');
  const watch = new RouteWatch({ restore: () => Promise.reject(error) }, { info: write, warn: write, error: write });
  assert.ok(watch.isDue(0));
  assert.deepEqual([await watch.look(0), await watch.look(10_000)], [null, null]);
  assert.deepEqual([told.length, watch.isDue(10_001), watch.isDue(20_000)], [1, false, true]);
  error = new IpsecError('HELPER_UNREACHABLE', 'the gateway has stopped');
  await watch.look(20_000);
  assert.equal(told.length, 1);
});
