/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exportFormatNames } from '#core/profile/export/export-format.ts';
import { decodeCompactProfile, encodeCompactProfile } from '#core/profile/export/compact-profile.ts';
import { peerProfile, peerSecrets } from '#core/profile/peer-profile.ts';
import type { Profile } from '#core/profile/profile.ts';
import { exportStored, type ExportRequest } from '#core/tunnel/profile/profile-export.ts';
import { FakeProfiles, FakeResolver } from '#test/support/profile/fake-profiles.ts';
import { exampleInput, exampleProfile, exampleSecrets } from '#test/support/profile/profiles.ts';
import { rejectedCode } from '#test/support/thrown-code.ts';

const request: ExportRequest = { format: 'setkey', isPeer: false, withKeys: false };

async function textOf(profile: Profile, asked: Partial<ExportRequest>, resolver = new FakeResolver()): Promise<string> {
  const stored = { profile, secrets: exampleSecrets, revision: 1 };
  const { files } = await exportStored(stored, { ...request, ...asked }, resolver);
  return files.map(({ text }) => text).join('');
}

test('keys go along only when asked for, in the formats that have a place for them', async () => {
  for (const format of exportFormatNames.filter((name) => name !== 'qr')) {
    const hasKeys = /1{32}|2{32}/.test(await textOf(exampleProfile(), { format, withKeys: true }));
    assert.equal(hasKeys, format !== 'swanctl' && format !== 'networkd', format);
    assert.doesNotMatch(await textOf(exampleProfile(), { format }), /1{32}|2{32}/, format);
  }
});

test('the mirror has the keys of each direction on the other side', async () => {
  const document = JSON.parse(
    await textOf(exampleProfile(), { format: 'json', isPeer: true, withKeys: true }),
  ) as object;
  const mirrored = peerProfile(exampleProfile()).profile;
  assert.deepEqual(document, { profile: mirrored, secrets: peerSecrets(exampleSecrets) });
  const text = encodeCompactProfile({ profile: mirrored, secrets: null });
  assert.deepEqual(decodeCompactProfile(text).profile, mirrored);
});

test('names are looked up for formats that take none, and it says so', async () => {
  const resolver = new FakeResolver();
  resolver.names.set('vpn.example.com', ['198.51.100.7']);
  const profile = exampleProfile({ peer: { host: 'vpn.example.com' }, local: { host: 'auto' } });
  const text = await textOf(profile, { format: 'linux' }, resolver);
  assert.match(text, /src 192\.0\.2\.1 dst 198\.51\.100\.7/);
  assert.match(text, /^# Addresses were looked up for this export: 192\.0\.2\.1 and 198\.51\.100\.7\.$/m);
  assert.match(await textOf(profile, { format: 'swanctl' }, resolver), /remote_addrs = vpn\.example\.com/);
  assert.equal(resolver.questions, 1);
  await assert.doesNotReject(textOf(profile, { format: 'json' }));
  assert.equal(await rejectedCode(textOf(profile, {})), 'PROFILE_UNRESOLVED');
});

test('the mirror of auto names the address of now, with a word about NAT', async () => {
  const resolver = new FakeResolver();
  resolver.names.set('vpn.example.com', ['198.51.100.7']);
  const profile = exampleProfile({ peer: { host: 'vpn.example.com' }, local: { host: 'auto' } });
  const text = await textOf(profile, { format: 'swanctl', isPeer: true }, resolver);
  assert.match(text, /local_addrs = vpn\.example\.com\n +remote_addrs = 192\.0\.2\.1$/m);
  assert.match(text, /behind a NAT box/);
});

test('whoever knows how the other end reaches this one says so: an address for every format, a name where names are taken', async () => {
  const profile = exampleProfile({ local: { host: 'auto' } });
  const asked = { isPeer: true, ownHost: '203.0.113.99' };
  assert.match(await textOf(profile, { ...asked, format: 'linux' }), /src \S+ dst 203\.0\.113\.99/);
  const swanctl = await textOf(profile, { ...asked, format: 'swanctl', ownHost: 'gw.example.org' });
  assert.match(swanctl, /remote_addrs = gw\.example\.org$/m);
  assert.doesNotMatch(swanctl, /behind a NAT box/);
  const named = textOf(profile, { ...asked, ownHost: 'gw.example.org' });
  assert.equal(await rejectedCode(named), 'EXPORT_UNSUPPORTED');
});

test('what the other end has to add is told', async () => {
  const profile = exampleProfile({ networks: [] });
  const stored = { profile, secrets: exampleSecrets, revision: 1 };
  const { notes, files } = await exportStored(stored, { ...request, isPeer: true }, new FakeResolver());
  assert.equal(notes.length, 1);
  assert.ok(files[0]?.text.includes(`# ${notes[0]}\n`));
});

test('the log tells of keys that go out, and has none of them', async () => {
  const profiles = new FakeProfiles();
  profiles.control.create(exampleProfile(exampleInput), exampleSecrets);
  await profiles.control.export('office', { ...request, format: 'netbsd' });
  assert.equal(profiles.machine.lines.length, 0);
  await profiles.control.export('office', { ...request, withKeys: true });
  const [line] = profiles.machine.lines;
  assert.deepEqual([line?.level, line?.fields], ['warn', { name: 'office', format: 'setkey', isPeer: false }]);
  assert.equal(await rejectedCode(profiles.control.export('nobody', request)), 'PROFILE_NOT_FOUND');
});
