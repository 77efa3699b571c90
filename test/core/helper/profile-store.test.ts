/** @module */
import assert from 'node:assert/strict';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { FileProfileStore } from '#core/helper/profile-store.ts';
import { profileVersion } from '#core/profile/profile.ts';
import { emitStoredProfile } from '#core/profile/stored-profile.ts';
import { exampleProfile, exampleSecrets } from '#test/support/profile/profiles.ts';
import { thrownCode } from '#test/support/thrown-code.ts';

function open(context: TestContext): { readonly store: FileProfileStore; readonly folder: string } {
  const state = mkdtempSync(join(tmpdir(), 'culvert-profiles-'));
  context.after(() => rmSync(state, { recursive: true }));
  return { store: new FileProfileStore(state), folder: join(state, 'profiles') };
}

const stored = { profile: exampleProfile(), secrets: exampleSecrets, revision: 1 };

test('a profile is a file of its own, for nobody else’s eyes, and is read back as it was', (context) => {
  const { store, folder } = open(context);
  const id = store.newId();
  store.save({ id, stored });
  assert.deepEqual(readdirSync(folder), [`${id}.json`]);
  assert.deepEqual([statSync(folder).mode & 0o777, statSync(join(folder, `${id}.json`)).mode & 0o777], [0o700, 0o600]);
  assert.deepEqual(store.load(), { profiles: [{ id, stored }], setAside: [] });
  store.remove(id);
  store.remove(id);
  assert.deepEqual(readdirSync(folder), []);
});

test('a file that was cut short anywhere is set aside whole, and the others are read', (context) => {
  const { store, folder } = open(context);
  const text = emitStoredProfile(stored);
  store.save({ id: 'ffffffffffffffff', stored: { ...stored, profile: exampleProfile({ name: 'good' }) } });
  for (const length of [0, 1, 100, text.length - 3]) {
    writeFileSync(join(folder, '0000000000000001.json'), text.slice(0, length));
    const { profiles, setAside } = store.load();
    assert.deepEqual(
      profiles.map((kept) => kept.stored.profile.name),
      ['good'],
    );
    const [aside] = setAside;
    assert.match(aside?.file ?? '', /^0000000000000001\.json\.broken-[0-9]+$/);
    assert.equal(aside?.reason, 'broken');
    // Recoverable: nothing of it is lost.
    assert.equal(readFileSync(join(folder, aside?.file ?? ''), 'utf8'), text.slice(0, length));
    // It is told again at the next start, for as long as it lies there.
    assert.equal(store.load().setAside[0]?.file, aside?.file);
    rmSync(join(folder, aside?.file ?? ''));
  }
});

test('a draft that a crash left is set aside, and the profile is as it was before', (context) => {
  const { store, folder } = open(context);
  store.save({ id: '00000000000000aa', stored });
  writeFileSync(join(folder, '00000000000000aa.json.new'), emitStoredProfile(stored).slice(0, 40));
  const { profiles, setAside } = store.load();
  assert.deepEqual([profiles.length, setAside.length, setAside[0]?.reason], [1, 1, 'broken']);
  store.save({ id: '00000000000000aa', stored: { ...stored, revision: 2 } });
  assert.equal(store.load().profiles[0]?.stored.revision, 2);
});

test('a file of a later version is told and left untouched where it is', (context) => {
  const { store, folder } = open(context);
  const text = JSON.stringify({ revision: 1, profile: { version: profileVersion + 1 }, more: 'sealed' });
  const later = JSON.stringify({ revision: 1, profile: { version: profileVersion + 1 }, secrets: { sealed: true } });
  writeFileSync(join(folder, '0000000000000001.json'), later);
  assert.deepEqual(
    store.load().setAside.map(({ file, reason }) => [file, reason]),
    [['0000000000000001.json', 'newer']],
  );
  assert.equal(readFileSync(join(folder, '0000000000000001.json'), 'utf8'), later);
  // Also where the file around it has changed.
  writeFileSync(join(folder, '0000000000000001.json'), text);
  assert.equal(store.load().setAside[0]?.reason, 'newer');
});

test('of two files with one name the first is the profile, and the other is told and kept', (context) => {
  const { store } = open(context);
  store.save({ id: '0000000000000001', stored });
  store.save({ id: '0000000000000002', stored: { ...stored, revision: 5 } });
  const { profiles, setAside } = store.load();
  assert.deepEqual(
    profiles.map(({ id }) => id),
    ['0000000000000001'],
  );
  assert.deepEqual(
    setAside.map(({ file, reason }) => [file, reason]),
    [['0000000000000002.json', 'twice']],
  );
});

test('links, folders, endless and foreign files bring nothing down and give nothing away', (context) => {
  const { store, folder } = open(context);
  symlinkSync('/etc/passwd', join(folder, '0000000000000001.json'));
  mkdirSync(join(folder, '0000000000000002.json'));
  writeFileSync(join(folder, '0000000000000003.json'), Buffer.alloc(1024 * 1024 + 1, 0x20));
  writeFileSync(join(folder, 'README.json'), '{}');
  writeFileSync(join(folder, 'notes.txt'), 'mine');
  store.save({ id: '0000000000000009', stored });
  const { profiles, setAside } = store.load();
  assert.deepEqual([profiles.length, setAside.length], [1, 4]);
  assert.ok(setAside.every(({ reason, message }) => reason === 'broken' && !message.includes('root:')));
  assert.ok(readdirSync(folder).includes('notes.txt'));
});

test('a directory that others may write is refused', (context) => {
  const { folder } = open(context);
  chmodSync(folder, 0o777);
  assert.equal(
    thrownCode(() => new FileProfileStore(join(folder, '..'))),
    'STATE_UNWRITABLE',
  );
});
