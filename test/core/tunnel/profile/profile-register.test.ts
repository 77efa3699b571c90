/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SeededRandom } from '#core/host/memory/seeded-random.ts';
import { ProfileRegister, type ProfileEntry } from '#core/tunnel/profile/profile-register.ts';
import type { ProfileRun } from '#core/tunnel/profile/profile-run.ts';
import { MemoryProfileStore } from '#test/support/profile/fake-profiles.ts';
import { exampleProfile, exampleSecrets } from '#test/support/profile/profiles.ts';

/** A register over `store`, and the entries whose run was told of an edit. */
function open(store = new MemoryProfileStore()) {
  const edited: string[] = [];
  const owners: (() => ProfileEntry)[] = [];
  const register = new ProfileRegister({
    store,
    random: new SeededRandom(1),
    makeRun: (id, entry) => {
      owners.push(entry);
      const run: unknown = { edited: () => void edited.push(id) };
      return run as ProfileRun;
    },
  });
  return { register, store, edited, owners };
}

test('what was added is there again for who opens the store anew, with what runs of it', () => {
  const { register, store } = open();
  const entry = register.add(exampleProfile(), exampleSecrets);
  const again = open(store);
  assert.deepEqual(again.register.find('office').kept, entry.kept);
  assert.equal(again.owners[0]?.(), again.register.byId(entry.kept.id));
});

test('a name is found in any of its spellings (Unicode NFC), has one owner, and is free for that owner', () => {
  const { register } = open();
  const entry = register.add(exampleProfile({ name: 'Zoë' }), 'generate');
  assert.equal(register.find('Zoe\u0308'), entry);
  assert.throws(() => register.checkFree('Zoë', null), { code: 'PROFILE_EXISTS' });
  assert.throws(() => register.add(exampleProfile({ name: 'Zoë' }), 'generate'), { code: 'PROFILE_EXISTS' });
  register.checkFree('Zoë', entry);
});

test('an edit is of the revision that it names, changes nothing by itself, and keeps the keys it is told to', () => {
  const { register, edited } = open();
  const entry = register.add(exampleProfile(), exampleSecrets);
  const profile = exampleProfile({ mtu: 1400 });
  const stale = { name: 'office', revision: 2, profile };
  assert.throws(() => register.checkEdit(stale, 'keep'), { code: 'PROFILE_CHANGED', details: { revision: 1 } });
  const { stored } = register.checkEdit({ ...stale, revision: 1 }, 'keep');
  assert.deepEqual([stored.revision, stored.secrets, entry.kept.stored.revision], [2, exampleSecrets, 1]);
  assert.notDeepEqual(register.checkEdit({ ...stale, revision: 1 }, 'generate').stored.secrets, exampleSecrets);
  register.replace(entry, stored);
  assert.deepEqual([register.find('office').kept.stored.profile.mtu, edited], [1400, [entry.kept.id]]);
});

test('what the store refuses has not happened here', () => {
  const { register, store, edited } = open();
  const entry = register.add(exampleProfile(), exampleSecrets);
  const before = entry.kept;
  store.isFailing = true;
  const refusal = { code: 'STATE_UNWRITABLE' };
  assert.throws(() => register.add(exampleProfile({ name: 'home' }), 'generate'), refusal);
  assert.throws(() => register.replace(entry, { ...before.stored, revision: 2 }), refusal);
  assert.throws(() => register.remove(entry), refusal);
  assert.deepEqual([register.entries(), entry.kept, edited], [[entry], before, []]);
  store.isFailing = false;
  register.remove(entry);
  assert.deepEqual([register.entries(), register.byId(before.id)], [[], undefined]);
  assert.throws(() => register.find('office'), { code: 'PROFILE_NOT_FOUND' });
});
