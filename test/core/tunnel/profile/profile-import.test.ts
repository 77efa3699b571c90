/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeProfiles } from '#test/support/profile/fake-profiles.ts';
import { exampleInput, exampleProfile, exampleSecrets } from '#test/support/profile/profiles.ts';
import { thrownCode } from '#test/support/thrown-code.ts';

const alone = { format: null, joins: null } as const;

const fileOf = (name: string) => ({
  name: `${name}.json`,
  text: JSON.stringify({ profile: { ...exampleInput, name }, secrets: exampleSecrets }),
});

test('what was read is shown without keys, and saved with them by its token, once', () => {
  const { control } = new FakeProfiles();
  const view = control.readImport({ ...alone, files: [fileOf('office')] });
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
  const view = control.readImport({ ...alone, files: [fileOf('first'), fileOf('second')] });
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
  const { token } = profiles.control.readImport({ ...alone, files: [fileOf('office')] });
  profiles.machine.now += 600_000;
  assert.equal(
    thrownCode(() => profiles.control.saveImport(token ?? '')),
    'IMPORT_TOKEN',
  );
  assert.equal(profiles.control.readImport({ ...alone, files: [{ name: 'x', text: 'flush;' }] }).token, null);
});

test('files that come one after the other are read together, the newest of one name, and are kept by the helper alone', () => {
  const { control } = new FakeProfiles();
  const ifconfig = { name: 'ifconfig.ipsec0', text: 'tunnel 192.0.2.1 192.0.2.2\ninet 10.0.0.1/32 10.0.0.2\nup\n' };
  const keys = (digit: string): string =>
    ['192.0.2.1 192.0.2.2 esp 0x1001', '192.0.2.2 192.0.2.1 esp 0x1002']
      .map((way) => `add ${way} -E aes-cbc 0x${digit.repeat(32)} -A hmac-sha256 0x${digit.repeat(64)};`)
      .join('\n');
  const first = control.readImport({ ...alone, files: [{ name: 'setkey.conf', text: keys('1') }] });
  assert.deepEqual([first.token, first.profiles.length], [null, 0]);
  const second = control.readImport({
    ...alone,
    files: [{ name: 'setkey.conf', text: keys('2') }],
    joins: first.texts,
  });
  const both = control.readImport({ ...alone, files: [ifconfig], joins: second.texts });
  assert.equal(both.profiles[0]?.hasKeys, true);
  assert.ok(!/[12]{16}/.test(JSON.stringify(both)));
  assert.equal(
    thrownCode(() => control.readImport({ ...alone, files: [ifconfig], joins: second.texts })),
    'IMPORT_TOKEN',
  );
  const [saved] = control.saveImport(both.token ?? '');
  assert.equal(control.reveal(saved?.profile.name ?? '').secrets.pairs[0]?.out.encryption, '2'.repeat(32));
  assert.equal(
    thrownCode(() => control.readImport({ ...alone, files: [ifconfig], joins: both.texts })),
    'IMPORT_TOKEN',
  );
});
