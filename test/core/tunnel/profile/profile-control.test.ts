/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProfileControl } from '#core/tunnel/profile/profile-control.ts';
import { FakeProfiles } from '#test/support/profile/fake-profiles.ts';
import { exampleInput, exampleProfile, exampleSecrets } from '#test/support/profile/profiles.ts';
import { thrownCode } from '#test/support/thrown-code.ts';

function withOffice(): FakeProfiles {
  const profiles = new FakeProfiles();
  profiles.control.create(exampleProfile(), exampleSecrets);
  return profiles;
}

test('what is created is on the disk, listed by name, and shows no key', () => {
  const profiles = withOffice();
  profiles.control.create(exampleProfile({ name: 'attic', interface: 'ipsec1' }), 'generate');
  const { profiles: views, setAside } = profiles.control.list();
  assert.deepEqual(
    views.map(({ profile }) => profile.name),
    ['attic', 'office'],
  );
  assert.deepEqual(setAside, []);
  assert.deepEqual(views[1]?.secrets.pairs[0]?.out, { encryptionBits: 128, integrityBits: 256 });
  assert.ok(!/1{16}|2{16}/.test(JSON.stringify(views)));
  assert.ok([...profiles.store.files.values()].some((text) => text.includes('1'.repeat(32))));
});

test('generated keys fit the suite, differ from each other, and are told to nobody', () => {
  const profiles = new FakeProfiles();
  const view = profiles.control.create(exampleProfile(), 'generate');
  const { secrets } = profiles.control.reveal('office');
  const keys = secrets.pairs.flatMap((pair) => [pair.out.encryption, pair.in.encryption]);
  assert.deepEqual([new Set(keys).size, keys[0]?.length], [4, 64]);
  for (const key of keys) assert.ok(!JSON.stringify(view).includes(key));
});

test('a name is taken once, and a profile that cannot be written is not there', () => {
  const profiles = withOffice();
  assert.equal(
    thrownCode(() => profiles.control.create(exampleProfile(), exampleSecrets)),
    'PROFILE_EXISTS',
  );
  profiles.store.isFailing = true;
  const other = exampleProfile({ name: 'other' });
  assert.equal(
    thrownCode(() => profiles.control.create(other, exampleSecrets)),
    'STATE_UNWRITABLE',
  );
  assert.equal(
    thrownCode(() => profiles.control.show('other')),
    'PROFILE_NOT_FOUND',
  );
});

test('what would be refused when it comes up is refused when it is saved', () => {
  const profiles = withOffice();
  const bad = exampleProfile({ name: 'bad', mtu: 1 });
  assert.equal(
    thrownCode(() => profiles.control.create(bad, exampleSecrets)),
    'INTERFACE_MTU',
  );
  assert.equal(
    thrownCode(() => profiles.control.edit('office', 1, { ...bad, name: 'office' }, 'keep')),
    'INTERFACE_MTU',
  );
  assert.equal(profiles.control.show('office').savedRevision, 1);
});

test('an edit must know the revision that it changes, and one that does not is refused', () => {
  const profiles = withOffice();
  const edited = profiles.control.edit('office', 1, exampleProfile({ mtu: 1400 }), 'keep');
  assert.deepEqual([edited.savedRevision, edited.profile.mtu], [2, 1400]);
  assert.equal(
    thrownCode(() => profiles.control.edit('office', 1, exampleProfile(), 'keep')),
    'PROFILE_CHANGED',
  );
  assert.deepEqual(profiles.control.reveal('office').secrets, exampleSecrets);
});

test('keys are kept, made anew or given; kept ones must fit', () => {
  const profiles = withOffice();
  const { keys } = exampleInput;
  const longer = exampleProfile({ keys: { ...keys, integrity: 'hmac-sha512' } });
  assert.equal(
    thrownCode(() => profiles.control.edit('office', 1, longer, 'keep')),
    'KEY_LENGTH',
  );
  const view = profiles.control.edit('office', 1, longer, 'generate');
  assert.equal(view.secrets.pairs[0]?.in.integrityBits, 512);
  profiles.control.edit('office', 2, exampleProfile(), exampleSecrets);
  assert.deepEqual(profiles.control.reveal('office').secrets, exampleSecrets);
});

test('an edit of a tunnel that is up is saved, shown as not in use, and used when it comes up anew', async () => {
  const profiles = withOffice();
  await profiles.control.up('office');
  const edited = profiles.control.edit('office', 1, exampleProfile({ mtu: 1400 }), 'keep');
  assert.deepEqual([edited.savedRevision, edited.revision], [2, 1]);
  assert.equal(profiles.machine.gateway.status().interfaces[0]?.mtu, 1280);
  await profiles.control.down('office');
  assert.equal((await profiles.control.up('office')).revision, 2);
  assert.equal(profiles.machine.gateway.status().interfaces[0]?.mtu, 1400);
});

test('a rename keeps file, keys and tunnel; down works by the new name', async () => {
  const profiles = withOffice();
  await profiles.control.up('office');
  const view = profiles.control.rename('office', 'Büro');
  assert.deepEqual([view.id, view.phase, profiles.store.files.size], ['1', 'on', 1]);
  assert.equal(
    thrownCode(() => profiles.control.show('office')),
    'PROFILE_NOT_FOUND',
  );
  // The same name in another spelling of Unicode.
  await profiles.control.down('Bu\u0308ro');
  assert.deepEqual(profiles.machine.gateway.status().interfaces, []);
  profiles.control.create(exampleProfile(), exampleSecrets);
  assert.equal(
    thrownCode(() => profiles.control.rename('Büro', 'office')),
    'PROFILE_EXISTS',
  );
});

test('a new name waits for no up, and what does wait is not hidden by it', async () => {
  const profiles = withOffice();
  await profiles.control.up('office');
  const renamed = profiles.control.rename('office', 'home');
  assert.deepEqual([renamed.revision, renamed.savedRevision], [2, 2]);
  profiles.control.edit('home', 2, { ...renamed.profile, routes: ['10.9.0.0/16'] }, 'keep');
  const again = profiles.control.rename('home', 'office');
  assert.deepEqual([again.revision, again.savedRevision], [2, 4]);
});

test('a profile that is up is not deleted, one that is off is gone from the disk', async () => {
  const profiles = withOffice();
  await profiles.control.up('office');
  assert.equal(
    thrownCode(() => profiles.control.delete('office')),
    'PROFILE_ACTIVE',
  );
  await profiles.control.down('office');
  await profiles.control.delete('office');
  assert.deepEqual([profiles.store.files.size, profiles.control.list().profiles], [0, []]);
});

test('start brings up what is meant to be up, whatever becomes of the others', async () => {
  const { store } = withOffice();
  const first = new FakeProfiles(store);
  const next = { host: '198.51.100.2' };
  const pairs = exampleProfile().keys.pairs;
  first.control.create(exampleProfile({ name: 'clash', startup: 'up' }), exampleSecrets);
  first.control.create(exampleProfile({ name: 'good', startup: 'up' }), exampleSecrets);
  const far = exampleProfile({ name: 'far', interface: 'ipsec1', peer: next, startup: 'up', routes: [] });
  first.control.create(
    { ...far, keys: { ...far.keys, pairs: pairs.map((pair) => ({ ...pair, spiIn: pair.spiIn + 100 })) } },
    exampleSecrets,
  );
  const second = new FakeProfiles(store);
  await second.control.start();
  const phases = second.control.list().profiles.map(({ profile, phase }) => [profile.name, phase]);
  assert.deepEqual(phases, [
    ['clash', 'on'],
    ['far', 'on'],
    ['good', 'failed'],
    ['office', 'off'],
  ]);
});

test('every change is told, also what a tunnel does by itself', async () => {
  const profiles = withOffice();
  await profiles.control.up('office');
  profiles.control.rename('office', 'home');
  await profiles.machine.setkey('flush;');
  await profiles.pass(1);
  await profiles.pass(1);
  await profiles.control.down('home');
  await profiles.control.delete('home');
  assert.deepEqual(
    profiles.events.map(({ change, name, phase, tunnelState }) => [change, name, phase, tunnelState]),
    [
      ['created', 'office', 'off', null],
      ['state', 'office', 'starting', null],
      ['state', 'office', 'on', 'idle'],
      ['renamed', 'home', 'on', 'idle'],
      ['state', 'home', 'on', 'waiting-for-keys'],
      ['state', 'home', 'off', null],
      ['deleted', 'home', 'off', null],
    ],
  );
});

test('no line of the log and no event holds a key', async () => {
  const profiles = withOffice();
  profiles.control.edit('office', 1, exampleProfile({ mtu: 1400 }), exampleSecrets);
  await profiles.control.up('office');
  await profiles.control.down('office');
  assert.ok(!/1{16}|2{16}|3{16}|4{16}/.test(JSON.stringify([profiles.machine.lines, profiles.events])));
});

test('files that were set aside are listed, and in the log', () => {
  const profiles = new FakeProfiles();
  const lines: string[] = [];
  const aside = { file: 'x.json', reason: 'newer', message: 'version 9' } as const;
  const control = new ProfileControl({
    gateway: profiles.machine.gateway,
    resolver: profiles.resolver,
    store: { load: () => ({ profiles: [], setAside: [aside] }), newId: () => '', save() {}, remove() {} },
    clock: { now: () => 0 },
    random: { fill() {} },
    log: { info() {}, warn() {}, error: (message) => void lines.push(message) },
  });
  assert.deepEqual([control.list().setAside, lines], [[aside], ['a profile is set aside']]);
});
