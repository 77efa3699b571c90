/** @module */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { dispatch } from '#core/api/dispatch.ts';
import { IpsecError } from '#core/base/error.ts';
import type { Profile } from '#core/profile/profile.ts';
import type { InterfaceChange } from '#core/tunnel/command/interface-change.ts';
import { FakeProfiles } from '#test/support/profile/fake-profiles.ts';
import { exampleProfile, exampleSecrets } from '#test/support/profile/profiles.ts';

/** What leads from the example to `wanted`. */
const change: InterfaceChange = {
  ifconfig: 'mtu 1400\nlink1',
  options: { pmtu: 1 },
  addedRoutes: [],
  removedRoutes: [],
};

const wanted: Profile = exampleProfile({
  ...{ mtu: 1400, flags: { link1: true }, options: { pmtu: 1 }, routes: ['10.8.0.0/16'] },
});

async function up(): Promise<FakeProfiles> {
  const profiles = new FakeProfiles();
  profiles.control.create(exampleProfile(), exampleSecrets);
  await profiles.control.up('office');
  return profiles;
}

/** Revisions that are in the machine and on the disk; the window shows when they differ. */
function revisions({ control }: FakeProfiles): readonly (number | null)[] {
  const { revision, savedRevision } = control.show('office');
  return [revision, savedRevision];
}

const seen = ({ machine, store, control }: FakeProfiles): unknown => {
  const { interfaces, policies } = machine.gateway.status();
  const routes = machine.host.routes.map(({ destination }) => destination).toSorted();
  return { interfaces, policies, routes, files: [...store.files], office: control.show('office') };
};

suite('an interface and its profile, changed together', () => {
  test('are both as wanted, and nothing waits for the next up', async () => {
    const profiles = await up();
    await profiles.control.changeInterface(
      { name: 'ipsec0', change, edit: { name: 'office', revision: 1, profile: wanted } },
      false,
    );
    assert.deepEqual(revisions(profiles), [2, 2]);
    assert.equal(profiles.machine.gateway.status().interfaces[0]?.mtu, 1400);
    assert.equal(profiles.control.show('office').profile.mtu, 1400);
    assert.deepEqual(
      profiles.machine.host.routes.map(({ destination }) => destination),
      ['10.8.0.0/16'],
    );
    assert.deepEqual(profiles.control.reveal('office').secrets, exampleSecrets);
    assert.ok(profiles.events.some((event) => event.change === 'edited'));
  });

  test('are both as before when the second half fails: the disk, the routes, the workers', async () => {
    const edit = { name: 'office', revision: 1, profile: wanted };
    const breaks: ((profiles: FakeProfiles) => void)[] = [
      ({ store }) => void (store.isFailing = true),
      ({ machine }) => void (machine.host.failAfter = 2),
      ({ machine }) => {
        machine.datapath.check = () => {
          machine.datapath.check = () => {};
          throw new IpsecError('HOST_FAILED', 'the workers do not follow');
        };
      },
    ];
    for (const [index, breakIt] of breaks.entries()) {
      const profiles = await up();
      const before = seen(profiles);
      breakIt(profiles);
      await assert.rejects(
        profiles.control.changeInterface({ name: 'ipsec0', change, edit }, false),
        IpsecError,
        `${index}`,
      );
      profiles.store.isFailing = false;
      profiles.machine.host.failAfter = null;
      assert.deepEqual(seen(profiles), before, `${index}`);
      assert.ok(!profiles.events.some((event) => event.change === 'edited'));
      await profiles.control.changeInterface({ name: 'ipsec0', change, edit }, false);
      assert.deepEqual(revisions(profiles), [2, 2]);
    }
  });

  test('a profile that somebody else has changed refuses both, and a check says so before', async () => {
    const profiles = await up();
    profiles.control.edit('office', 1, exampleProfile({ description: 'theirs' }), 'keep');
    const before = seen(profiles);
    const edit = { name: 'office', revision: 1, profile: wanted };
    const preview = await profiles.control.changeInterface({ name: 'ipsec0', change, edit }, true);
    assert.equal(preview.problem?.code, 'PROFILE_CHANGED');
    await assert.rejects(profiles.control.changeInterface({ name: 'ipsec0', change, edit }, false), {
      code: 'PROFILE_CHANGED',
    });
    assert.deepEqual(seen(profiles), before);
  });

  test('what an earlier edit left for the next up still waits for it', async () => {
    const left: [string, Profile][] = [
      ['keys', exampleProfile({ keys: { ...exampleProfile().keys, replayBytes: 16 } })],
      ['an address', exampleProfile({ addresses: [] })],
      ['the other end', exampleProfile({ peer: { host: '192.0.2.99' } })],
    ];
    for (const [what, profile] of left) {
      const profiles = await up();
      profiles.control.edit('office', 1, profile, 'keep');
      const edit = { name: 'office', revision: 2, profile: { ...profile, mtu: 1400 } };
      const only = { ...change, ifconfig: 'mtu 1400', options: {} };
      await profiles.control.changeInterface({ name: 'ipsec0', change: only, edit }, false);
      assert.deepEqual(revisions(profiles), [1, 3], what);
    }
  });

  test('link2 makes other policies, for which the keys wait until the next up (ipsecif(4), LINK2)', async () => {
    const profiles = new FakeProfiles();
    const [pair] = exampleProfile().keys.pairs;
    const keys = { ...exampleProfile().keys, pairs: pair === undefined ? [] : [pair] };
    const profile = exampleProfile({ keys, flags: { link2: false } });
    profiles.control.create(profile, { kind: 'manual', pairs: exampleSecrets.pairs.slice(0, 1) });
    await profiles.control.up('office');
    const edit = { name: 'office', revision: 1, profile: { ...profile, flags: { ...profile.flags, link2: true } } };
    const link2 = { ...change, ifconfig: 'link2', options: {} };
    await profiles.control.changeInterface({ name: 'ipsec0', change: link2, edit }, false);
    assert.equal(profiles.machine.gateway.status().interfaces[0]?.state, 'waiting-for-keys');
    assert.deepEqual(revisions(profiles), [1, 2]);
  });

  test('commands are told of what is to be done: none where only what is refused changes', async () => {
    const profiles = await up();
    const nothing = { ...change, ifconfig: '', options: {} };
    const edit = { name: 'office', revision: 1, profile: exampleProfile({ failClosed: 'never' }) };
    const shown = await profiles.control.changeInterface({ name: 'ipsec0', change: nothing, edit }, true);
    assert.deepEqual([shown.problem, shown.commands], [null, []]);
    const moved = { ...edit, profile: exampleProfile({ failClosed: 'never', routes: ['10.8.0.0/16'] }) };
    const made = await profiles.control.changeInterface({ name: 'ipsec0', change: nothing, edit: moved }, false);
    assert.deepEqual(made.commands, [
      'culvert route delete 10.2.0.0/16 -interface ipsec0',
      'culvert route add 10.8.0.0/16 -interface ipsec0',
    ]);
  });

  test('routes of an earlier edit come and go with it; a default route is taken in halves, as at the start', async () => {
    const profiles = await up();
    profiles.control.edit('office', 1, exampleProfile({ routes: ['::/0'] }), 'keep');
    const { routes } = profiles.machine.host;
    assert.ok(routes.some(({ destination }) => destination === '10.2.0.0/16'));
    const profile = exampleProfile({ routes: ['::/0', '10.9.0.0/16'] });
    const edit = { name: 'office', revision: 2, profile };
    await profiles.control.changeInterface(
      { name: 'ipsec0', change: { ...change, ifconfig: '', options: {} }, edit },
      false,
    );
    const now = profiles.machine.host.routes.filter(({ interface: name }) => name === 'ipsec0');
    assert.deepEqual(now.map(({ destination }) => destination).toSorted(), ['10.9.0.0/16', '8000::/1', '::/1']);
    assert.deepEqual(revisions(profiles), [3, 3]);
  });

  test('a name alone, edited before, waits for nothing once the rest is in the machine', async () => {
    const profiles = await up();
    profiles.control.edit('office', 1, exampleProfile({ description: 'ours' }), 'keep');
    assert.deepEqual(revisions(profiles), [1, 2]);
    const edit = { name: 'office', revision: 2, profile: { ...wanted, description: 'ours' } };
    await profiles.control.changeInterface({ name: 'ipsec0', change, edit }, false);
    assert.deepEqual(revisions(profiles), [3, 3]);
  });

  test('come by one method of the contract, by which an interface made by hand changes, too', async () => {
    const profiles = await up();
    const { gateway } = profiles.machine;
    await gateway.createInterface('ipsec3');
    const ask = (params: unknown): ReturnType<typeof dispatch> =>
      dispatch(gateway, 'interface.change', params, { uid: 0, pid: 1, canOperate: true }, profiles.control);
    const hand = { name: 'ipsec3', ifconfig: 'mtu 1500', options: { keepalives: false } };
    const preview = await ask({ ...hand, isCheck: true });
    assert.deepEqual(preview, await ask(hand));
    assert.ok(preview.ok && 'commands' in preview.value);
    const link = gateway.status().interfaces.find(({ name }) => name === 'ipsec3');
    assert.deepEqual([link?.mtu, link?.options.keepalives], [1500, false]);
    const misspelled = await ask({ ...hand, isDry: true });
    assert.equal(!misspelled.ok && misspelled.error.code, 'API_BAD_PARAMS');
    const missing = await ask({ ...hand, name: 'ipsec8', isCheck: true });
    assert.equal(!missing.ok && missing.error.code, 'INTERFACE_NOT_FOUND');
  });
});
