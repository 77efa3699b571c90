/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contract } from '#core/api/contract.ts';
import { desktopContract, type DesktopMethod } from '#core/api/desktop-contract.ts';
import { dispatch, type Caller } from '#core/api/dispatch.ts';
import { eventSchema, toApiEvent } from '#core/api/event.ts';
import { buildDesktop } from '#test/support/desktop.ts';
import { establishTunnel } from '#test/support/establish-tunnel.ts';
import { exampleInput, exampleProfile, exampleSecrets } from '#test/support/profile/profiles.ts';

const root: Caller = { uid: 0, pid: 77, canOperate: true };
const guest: Caller = { uid: 1000, pid: 78, canOperate: false };

test('every method gives what the contract says and no more, and no key', async () => {
  const made = buildDesktop();
  const { gateway } = made.network.a;
  await establishTunnel(made.network, { outer: 4 });
  made.profiles.create(exampleProfile(), exampleSecrets);
  await made.pass(2);
  const calls: [DesktopMethod, unknown][] = [
    ['history.get', { name: 'ipsec0', span: '24h' }],
    ['timeline.list', {}],
    ['timeline.list', { name: 'office', limit: 1 }],
    ['host.outlook', { peer: '203.0.113.2' }],
    ['host.outlook', { peer: 'nowhere.example.com' }],
    ['host.networks', {}],
    ['association.replayWindows', { ids: [1, 2] }],
    ['interface.preview', { name: 'ipsec0', changes: { link2: false, tunnel: null } }],
    [
      'interface.preview',
      { name: 'ipsec0', changes: { mtu: 1, tunnel: { local: '203.0.113.1', peer: '203.0.113.9' } } },
    ],
    ['profile.preview', { profile: exampleInput }],
    ['tunnel.verify', { name: 'ipsec0' }],
    ['tunnel.verify', { name: 'office', target: '172.16.2.1' }],
  ];
  for (const [method, params] of calls) {
    const answer = await dispatch(gateway, method, params, root, made.profiles, made.desktop);
    assert.ok(answer.ok, `${method}: ${JSON.stringify(answer)}`);
    const parsed = contract[method].result.safeParse(answer.value);
    assert.ok(parsed.success, `${method}: ${parsed.error?.message}`);
    assert.deepEqual(answer.value, parsed.data, `${method} gives nothing that the contract does not name`);
    assert.doesNotMatch(JSON.stringify(answer), /(5a){8}|1{16}|2{16}|3{16}|4{16}/);
  }
  assert.deepEqual(new Set(calls.map(([method]) => method)), new Set(Object.keys(desktopContract)));
});

test('who may only read sees history, timeline, networks and previews of interfaces, and makes nothing leave the machine', async () => {
  const { network, profiles, desktop } = buildDesktop();
  const readable: string[] = [];
  for (const method of Object.keys(desktopContract)) {
    const answer = await dispatch(network.a.gateway, method, { name: 'x' }, guest, profiles, desktop);
    if (answer.ok || answer.error.code !== 'API_DENIED') readable.push(method);
  }
  assert.deepEqual(readable, [
    'history.get',
    'timeline.list',
    'host.networks',
    'association.replayWindows',
    'interface.preview',
  ]);
});

test('a word that is no address or name is refused with its field', async () => {
  const { network, profiles, desktop } = buildDesktop();
  const cases: [DesktopMethod, unknown, string][] = [
    ['history.get', { name: 'eth0', span: '1min' }, 'name'],
    ['history.get', { name: 'ipsec0', span: '2h' }, 'span'],
    ['interface.preview', { name: 'ipsec0', changes: { tunnel: { local: 'x', peer: '192.0.2.1' } } }, 'local'],
    ['tunnel.verify', { name: 'ipsec0', target: 'x' }, 'target'],
    ['timeline.list', { limit: 0 }, 'limit'],
  ];
  for (const [method, params, field] of cases) {
    const answer = await dispatch(network.a.gateway, method, params, root, profiles, desktop);
    assert.equal(answer.ok ? null : answer.error.details['field'], field, method);
  }
  const nowhere = await dispatch(network.a.gateway, 'timeline.list', {}, root, profiles);
  assert.equal(nowhere.ok ? null : nowhere.error.code, 'API_UNKNOWN_METHOD');
});

test('a new entry of the timeline is an event that fits the schema', async () => {
  const made = buildDesktop();
  const events: unknown[] = [];
  made.desktop.subscribe((event) => void events.push(eventSchema.parse(toApiEvent(event, 2))));
  await establishTunnel(made.network, { outer: 4 });
  await made.pass(1);
  const [event] = events as { kind: string; dropped: number; entry: { kind: string } }[];
  assert.deepEqual([event?.kind, event?.dropped, event?.entry.kind], ['timeline', 2, 'interface-created']);
});
