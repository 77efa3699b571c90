/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildTwoGateways } from '#core/host/memory/two-gateways.ts';
import { peerProfile, peerSecrets } from '#core/profile/peer-profile.ts';
import { assertGolden, exportCases, fileOf, routedProfile, sourceOf } from '#test/support/profile/export-source.ts';
import { exampleSecrets, natTraversalProfile } from '#test/support/profile/profiles.ts';
import { carryOut, pictureProfile, pingsThatReturn } from '#test/support/profile/profile-gateways.ts';
import { thrownCode } from '#test/support/thrown-code.ts';

for (const name of ['plain', 'keys', 'peer'] as const) {
  test(`${name}: the files are as agreed`, () => assertGolden(name, 'netbsd'));
}

test('the files of both ends carry pings, read as NetBSD reads them', async () => {
  const network = buildTwoGateways();
  const { profile, secrets } = pictureProfile(network, 4, false);
  for (const [side, source] of [
    [network.a, sourceOf(profile, secrets, true)],
    [network.b, sourceOf(peerProfile(profile).profile, peerSecrets(secrets), true)],
  ] as const) {
    const ifconfig = fileOf('netbsd', source, 'ifconfig.ipsec0');
    const texts = { ifconfig, interfaceName: 'ipsec0', setkey: fileOf('netbsd', source, 'ipsec.conf') };
    await carryOut(side, texts, source.profile);
  }
  assert.equal(pingsThatReturn(network), 12);
});

test('under link0 nothing relies on reqids, and who opens the port is told', () => {
  const { profile, secrets } = natTraversalProfile();
  const source = sourceOf(profile, secrets, true);
  assert.throws(() => fileOf('netbsd', source, 'sysctl.conf'));
  assert.match(fileOf('netbsd', source, 'ifconfig.ipsec0'), /IKE daemon/);
  assert.doesNotMatch(fileOf('netbsd', source, 'ipsec.conf'), / -u /);
});

test('what NetBSD does not have is refused by its field', () => {
  const keys = routedProfile.keys;
  for (const changed of [
    { ...keys, hasEsn: true },
    { ...keys, encryption: 'chacha20-poly1305' as const, integrity: null },
    { ...keys, integrity: 'aes-cmac' as const },
  ]) {
    const source = sourceOf({ ...routedProfile, keys: changed }, exampleSecrets, true);
    assert.equal(
      thrownCode(() => fileOf('netbsd', source)),
      'EXPORT_UNSUPPORTED',
    );
  }
  assert.equal(
    thrownCode(() => fileOf('netbsd', { ...exportCases.keys(), outer: null })),
    'EXPORT_UNSUPPORTED',
  );
});
