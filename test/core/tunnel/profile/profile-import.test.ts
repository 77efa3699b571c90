/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeProfiles } from '#test/support/profile/fake-profiles.ts';
import { exampleInput, exampleProfile, exampleSecrets } from '#test/support/profile/profiles.ts';
import { thrownCode } from '#test/support/thrown-code.ts';

const fileOf = (name: string) => ({
  name: `${name}.json`,
  text: JSON.stringify({ profile: { ...exampleInput, name }, secrets: exampleSecrets }),
});

test('what was read is shown without keys, and saved with them by its token, once', () => {
  const { control } = new FakeProfiles();
  const view = control.readImport([fileOf('office')], null);
  assert.ok(!/1{16}/.test(JSON.stringify(view)));
  assert.deepEqual(control.list().profiles, []);
  const [saved] = control.saveImport(view.token ?? '');
  assert.equal(saved?.profile.name, 'office');
  assert.deepEqual(control.reveal('office').secrets, exampleSecrets);
  assert.equal(
    thrownCode(() => control.saveImport(view.token ?? '')),
    'IMPORT_TOKEN',
  );
});

test('a name that is taken is told before, saves nothing of the others, and another name is taken instead', () => {
  const { control } = new FakeProfiles();
  control.create(exampleProfile({ name: 'second' }), exampleSecrets);
  const view = control.readImport([fileOf('first'), fileOf('second')], null);
  assert.deepEqual(
    view.profiles.map(({ conflict }) => conflict),
    [null, 'there is a profile "second" already'],
  );
  assert.match(view.profiles[0]?.warning ?? '', /second has ipsec0 as well/);
  assert.equal(
    thrownCode(() => control.saveImport(view.token ?? '')),
    'PROFILE_EXISTS',
  );
  assert.equal(control.list().profiles.length, 1);
  control.saveImport(view.token ?? '', [null, 'third']);
  assert.deepEqual(
    control.list().profiles.map(({ profile }) => profile.name),
    ['first', 'second', 'third'],
  );
});

test('keys are forgotten after ten minutes, and files without a tunnel give no token', () => {
  const profiles = new FakeProfiles();
  const { token } = profiles.control.readImport([fileOf('office')], null);
  profiles.machine.now += 600_000;
  assert.equal(
    thrownCode(() => profiles.control.saveImport(token ?? '')),
    'IMPORT_TOKEN',
  );
  assert.equal(profiles.control.readImport([{ name: 'x', text: 'flush;' }], null).token, null);
});
