/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSetkey } from '#core/setkey/parser.ts';
import { assertGolden, exportCases, fileOf, routedProfile, sourceOf } from '#test/support/profile/export-source.ts';
import { exampleProfile, exampleSecrets } from '#test/support/profile/profiles.ts';
import { thrownCode } from '#test/support/thrown-code.ts';

for (const name of ['plain', 'keys', 'peer'] as const) {
  test(`${name}: the files are as agreed`, () => assertGolden(name, 'freebsd'));
}

test('associations are of tunnel mode with the interface’s one reqid, as if_ipsec(4) wants them', () => {
  const source = exportCases.keys();
  const { statements, errors } = parseSetkey(fileOf('freebsd', source, 'ipsec.conf'));
  assert.deepEqual(errors, []);
  const options = statements.map((statement) => (statement.kind === 'add' ? statement.options : null));
  assert.deepEqual(new Set(options.map((each) => `${each?.mode} ${each?.reqid}`)), new Set(['tunnel 8192']));
  assert.match(
    fileOf('freebsd', source, 'rc.conf'),
    /^ifconfig_ipsec0="inet tunnel 192\.0\.2\.1 192\.0\.2\.2 reqid 8192 /m,
  );
});

test('over IPv6 the tunnel is an inet6 one, and further addresses are aliases', () => {
  const profile = exampleProfile({
    local: { host: '2001:db8::1' },
    peer: { host: '2001:db8::2' },
    interface: 'ipsec3',
    addresses: [
      { address: '10.9.0.1', prefixLength: 24 },
      { address: 'fd00::1', prefixLength: 64 },
      { address: 'fd00::2', prefixLength: 64 },
    ],
  });
  const text = fileOf('freebsd', sourceOf(profile, exampleSecrets, false), 'rc.conf');
  assert.match(text, /^ifconfig_ipsec3="inet6 tunnel 2001:db8::1 2001:db8::2 reqid 8198 mtu 1280 up"$/m);
  assert.match(text, /^ifconfig_ipsec3_alias0="inet 10\.9\.0\.1\/24"$/m);
  assert.match(text, /^ifconfig_ipsec3_ipv6="inet6 fd00::1 prefixlen 64"$/m);
  assert.match(text, /^ifconfig_ipsec3_alias1="inet6 fd00::2 prefixlen 64"$/m);
});

test('what FreeBSD does not have is refused', () => {
  const { keys, flags } = routedProfile;
  for (const profile of [
    { ...routedProfile, flags: { ...flags, link0: true } },
    { ...routedProfile, keys: { ...keys, encryption: 'camellia-cbc' as const } },
    { ...routedProfile, keys: { ...keys, integrity: 'aes-xcbc-mac' as const } },
  ]) {
    const source = sourceOf(profile, exampleSecrets, true);
    assert.equal(
      thrownCode(() => fileOf('freebsd', source)),
      'EXPORT_UNSUPPORTED',
    );
  }
});
