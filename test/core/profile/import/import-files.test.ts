import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { encodeCompactProfile } from '#core/profile/export/compact-profile.ts';
import { IpsecError } from '#core/base/error.ts';
import { exportProfile, type ExportFormatName } from '#core/profile/export/export-format.ts';
import type { ExportedFile } from '#core/profile/export/export-source.ts';
import { joinFiles } from '#core/profile/export/joined-files.ts';
import { importFiles, type ImportResult } from '#core/profile/import/import-files.ts';
import { importFormatNames } from '#core/profile/import/import-format.ts';
import { literalPair } from '#core/profile/profile-check.ts';
import { generateSecrets } from '#core/profile/manual-keys.ts';
import { viewSecrets, type ProfileSecrets } from '#core/profile/profile-secrets.ts';
import type { Profile } from '#core/profile/profile.ts';
import { exampleInput, exampleProfile, exampleSecrets, natTraversalProfile } from '#test/support/profile/profiles.ts';

let drawn = 0;
const random = { fill: (out: Uint8Array) => void out.fill(++drawn & 255) };

function exported(format: ExportFormatName, profile: Profile, secrets: ProfileSecrets, withKeys = true) {
  const source = { profile, lengths: viewSecrets(secrets), outer: literalPair(profile), notes: [] };
  return exportProfile(format, { ...source, secrets: withKeys ? secrets : null });
}

function read(text: string, name = 'file'): ImportResult {
  return importFiles([{ name, text }], null, random);
}

const { profile: natT, secrets: natTSecrets } = natTraversalProfile();
const limits = { addSeconds: 100, useSeconds: 0, bytes: 5000, packets: 0 };
const rich = exampleProfile({
  ...{ mtu: 1400, interface: 'ipsec7', networks: [] },
  keys: { ...exampleInput.keys, replayBytes: 8, soft: limits, hard: { ...limits, addSeconds: 200 } },
});
const onlyIpv6 = exampleProfile({
  ...{ networks: [], routes: ['fd02::/16'], addresses: [{ address: 'fd00::1', prefixLength: 64 }] },
  ...{ local: { host: '2001:db8::1' }, peer: { host: '2001:db8::2' } },
  keys: { ...exampleInput.keys, pairs: [{ carries: 'ipv6', spiOut: 300, spiIn: 301 }] },
});
const oneSecret: ProfileSecrets = { kind: 'manual', pairs: exampleSecrets.pairs.slice(0, 1) };
const cases: readonly (readonly [string, Profile, ProfileSecrets])[] = [
  ['two families', exampleProfile({ networks: [] }), exampleSecrets],
  ['NAT-T', { ...natT, networks: [] }, natTSecrets],
  ['limits and a window', rich, exampleSecrets],
  ['IPv6 alone', onlyIpv6, oneSecret],
];

for (const format of ['setkey', 'netbsd', 'freebsd', 'linux', 'json'] as const) {
  for (const [what, profile, secrets] of cases) {
    if (format === 'freebsd' && profile.flags.link0) continue;
    test(`${format}: ${what} comes back as it went out, keys included`, () => {
      const files = exported(format, profile, secrets);
      for (const texts of [files, [{ name: 'all', text: joinFiles(files) }]]) {
        const { profiles, unmapped } = importFiles(texts, null, random);
        assert.deepEqual(unmapped, []);
        assert.deepEqual(profiles, [{ profile, secrets }]);
      }
    });
  }

  test(`${format}: without keys the rest comes back, and it is told that the keys are missing`, () => {
    const profile = exampleProfile({ networks: [] });
    const { profiles, unmapped } = importFiles(exported(format, profile, exampleSecrets, false), null, random);
    assert.deepEqual(profiles, [{ profile, secrets: null }]);
    assert.match(unmapped.map(({ why }) => why).join(), /the keys are not in th/);
  });
}

const suites = [
  ['aes-cbc', 'hmac-sha256'],
  ['aes-cbc', 'hmac-sha512'],
  ['aes-gcm-16', null],
  ['chacha20-poly1305', null],
] as const;
const inner = fc.record({
  host: fc.integer({ min: 1, max: 250 }),
  length: fc.integer({ min: 8, max: 32 }),
  hasPeer: fc.boolean(),
});

/** A profile with all that the formats have a place for. */
const anyProfile = fc
  .record({
    isIpv6: fc.boolean(),
    flags: fc.record({ link0: fc.boolean(), link1: fc.boolean(), link2: fc.boolean(), unnumbered: fc.boolean() }),
    ports: fc.tuple(fc.constantFrom(0, 4500), fc.constantFrom(0, 4500, 61022)),
    unit: fc.constantFrom(0, 7, 4095),
    mtu: fc.integer({ min: 1280, max: 8192 }),
    inners: fc.uniqueArray(inner, { minLength: 1, maxLength: 3, selector: ({ host }) => host }),
    isInnerIpv6: fc.boolean(),
    suite: fc.constantFrom(...suites),
    spis: fc.uniqueArray(fc.integer({ min: 256, max: 0xffffffff }), { minLength: 4, maxLength: 4 }),
    replayBytes: fc.constantFrom(0, 4, 8, 32),
    hasEsn: fc.boolean(),
    seconds: fc.option(fc.tuple(fc.integer({ min: 1, max: 4000 }), fc.integer({ min: 4000, max: 90000 }))),
  })
  .map((row): Profile => {
    const { flags, ports, spis, suite } = row;
    const [a = 256, b = 257, c = 258, d = 259] = spis;
    const first = { carries: flags.link0 ? ('any' as const) : ('ipv4' as const), spiOut: a, spiIn: b };
    const hasBoth = flags.link2 && !flags.link0;
    const limit = (addSeconds: number): Profile['keys']['soft'] => ({
      ...{ addSeconds, useSeconds: 0 },
      bytes: 0,
      packets: 0,
    });
    return exampleProfile({
      ...{ interface: `ipsec${row.unit}`, mtu: row.mtu, flags, networks: [] },
      local: { host: row.isIpv6 ? '2001:db8::1' : '192.0.2.1', port: flags.link0 ? ports[0] : 0 },
      peer: { host: row.isIpv6 ? '2001:db8:1::1' : '198.51.100.1', port: flags.link0 ? ports[1] : 0 },
      addresses: row.inners.map(({ host, length, hasPeer }) =>
        row.isInnerIpv6 && flags.link2
          ? { address: `fd00:${host}::1`, prefixLength: length + 96, ...(hasPeer ? { peer: `fd00:${host}::2` } : {}) }
          : { address: `10.9.${host}.1`, prefixLength: length, ...(hasPeer ? { peer: `10.9.${host}.2` } : {}) },
      ),
      routes: row.isInnerIpv6 && flags.link2 ? ['fd77::/32'] : ['10.77.0.0/16', '10.78.5.5/32'],
      keys: {
        ...{ kind: 'manual', encryption: suite[0], integrity: suite[1], replayBytes: row.replayBytes },
        hasEsn: row.hasEsn && row.replayBytes > 0,
        pairs: hasBoth ? [first, { carries: 'ipv6', spiOut: c, spiIn: d }] : [first],
        ...(row.seconds === null ? {} : { soft: limit(row.seconds[0]), hard: limit(row.seconds[1]) }),
      },
    });
  });

for (const format of ['setkey', 'netbsd', 'freebsd', 'linux', 'swanctl', 'json'] as const) {
  test(`${format}: what was read of an export is exported as the same files`, () => {
    let compared = 0;
    const isSame = fc.property(anyProfile, (profile) => {
      const secrets = generateSecrets(profile.keys, random);
      let files: readonly ExportedFile[];
      try {
        files = exported(format, profile, secrets);
      } catch (error) {
        if (error instanceof IpsecError && error.code === 'EXPORT_UNSUPPORTED') return;
        throw error;
      }
      const [back] = importFiles(files, null, random).profiles;
      assert.ok(back !== undefined);
      assert.deepEqual(exported(format, back.profile, back.secrets ?? secrets), files);
      compared++;
    });
    fc.assert(isSame, { numRuns: 60 });
    assert.ok(compared > 0);
  });
}

test('qr: the compact text comes back as it went out, with keys and without', () => {
  for (const secrets of [exampleSecrets, null]) {
    const { profiles } = read(encodeCompactProfile({ profile: exampleProfile(), secrets }));
    assert.deepEqual(profiles, [{ profile: exampleProfile(), secrets }]);
  }
});

test('swanctl: what maps comes back, new keys are wanted, and the rest is listed', () => {
  const profile = exampleProfile({ networks: [], routes: [], addresses: [] });
  const [file] = exported('swanctl', profile, exampleSecrets);
  const { profiles, unmapped } = read(file?.text ?? '');
  assert.equal(profiles.length, 1);
  const [{ profile: back, secrets } = { profile: null, secrets: undefined }] = profiles;
  assert.deepEqual(
    [back?.name, back?.local, back?.peer, back?.interface],
    ['office', profile.local, profile.peer, 'ipsec0'],
  );
  assert.deepEqual([back?.keys.encryption, back?.keys.integrity, secrets], ['aes-cbc', 'hmac-sha256', null]);
  assert.ok(unmapped.some(({ text }) => text === 'version'));
});

test('reads what ip prints of a running Linux machine', () => {
  const text = `5: vpn@lo: <NOARP,UP,LOWER_UP> mtu 1400 qdisc noqueue state UNKNOWN group default qlen 1000
    link/none 00:00:00:00 brd 00:00:00:00 promiscuity 0
    xfrm if_id 0x2a
    inet 172.16.1.1 peer 172.16.2.1/32 scope global vpn
    inet6 fe80::1/64 scope link
src 192.0.2.2 dst 192.0.2.1
	proto esp spi 0x00001002(4098) reqid 42(0x0000002a) mode tunnel
	replay-window 32 seq 0x00000000 flag nopmtudisc af-unspec (0x00100000)
	auth-trunc hmac(sha256) 0x${'2'.repeat(64)} (256 bits) 128
	enc cbc(aes) 0x${'2'.repeat(32)} (128 bits)
	anti-replay context: seq 0x0, oseq 0x0, bitmap 0x00000000
	if_id 0x2a
	lifetime config:
	  limit: soft (INF)(bytes), hard 9000(bytes)
	  limit: soft (INF)(packets), hard (INF)(packets)
	  expire add: soft 50(sec), hard 100(sec)
	  expire use: soft 0(sec), hard 0(sec)
	lifetime current:
	  100(bytes), 2(packets)
src 192.0.2.1 dst 192.0.2.2
	proto esp spi 0x00001001(4097) reqid 42(0x0000002a) mode tunnel
	replay-window 32 seq 0x00000000 flag nopmtudisc af-unspec (0x00100000)
	auth-trunc hmac(sha256) 0x${'1'.repeat(64)} 128
	enc cbc(aes) 0x${'1'.repeat(32)}
	if_id 0x2a
	lifetime config:
	  limit: soft (INF)(bytes), hard 9000(bytes)
	  expire add: soft 50(sec), hard 100(sec)
src 0.0.0.0/0 dst 0.0.0.0/0 uid 0
	dir out action allow index 1 priority 0 share any flag  (0x00000000)
	tmpl src 192.0.2.1 dst 192.0.2.2
		proto esp reqid 42 mode tunnel
	if_id 0x2a
`;
  const { profiles, unmapped } = read(text);
  const [{ profile, secrets } = { profile: null, secrets: null }] = profiles;
  assert.deepEqual([profile?.name, profile?.interface, profile?.mtu], ['vpn', 'ipsec41', 1400]);
  assert.deepEqual(profile?.addresses, [{ address: '172.16.1.1', prefixLength: 32, peer: '172.16.2.1' }]);
  assert.deepEqual(profile?.keys.pairs, [{ carries: 'ipv4', spiOut: 4097, spiIn: 4098 }]);
  assert.deepEqual([profile?.keys.replayBytes, profile?.keys.hard.bytes, profile?.keys.soft.addSeconds], [4, 9000, 50]);
  assert.deepEqual(secrets, oneSecret);
  assert.deepEqual(
    unmapped.map(({ why }) => why),
    ['it is called ipsec41 here'],
  );
});

test('what cannot be carried is listed with its line, and the rest is read', () => {
  const text = `add 192.0.2.1 192.0.2.2 esp 1000 -E des-cbc 0x0123456789abcdef;
spdadd 192.0.2.1 192.0.2.2 any -P out ipsec esp/transport//require;
nonsense;
`;
  const { profiles, unmapped } = read(text);
  assert.deepEqual(profiles, []);
  assert.deepEqual(unmapped.map(({ line }) => line).sort(), [1, 2, 3]);
});

test('a list of what is not mapped shows no key', () => {
  const secret = 'c0ffee'.repeat(8);
  const rc = `foo_enable="0x${secret}"\nifconfig_ipsec0="bogus 0x${secret}"\n`;
  const xfrm = `ip xfrm state add src 192.0.2.1 dst 192.0.2.2 proto esp spi 0x1000 enc 'cbc(aes)' ${secret}\n`;
  const swanctl = `connections { a { children { b { x = ${secret} } } } }\nsecrets { ike { secret = ${secret} } }\n`;
  const json = `{"profile": {"name": "x"}, "secrets": "${secret}"`;
  for (const text of [rc, xfrm, swanctl, json, `add 192.0.2.1 192.0.2.2 esp 1 -E aes-cbc 0x${secret}q;`]) {
    const result = read(text);
    assert.ok(result.unmapped.length > 0);
    assert.ok(!JSON.stringify(result).includes('c0ffee'), text);
  }
});

test('no text makes an importer throw, whatever the format', () => {
  const words = fc.constantFrom(
    ...[
      'src',
      'dst',
      '192.0.2.1',
      'fd00::1',
      'ip xfrm state add',
      'tmpl',
      'dir out',
      'if_id 0x1',
      'enc',
      "''",
      '0xzz',
      '{',
    ],
    ...[
      '}',
      'connections {',
      'a = b',
      'ifconfig_ipsec0="',
      '"',
      'route add -inet',
      'tunnel',
      'mtu',
      '\n',
      '\n\t',
      ';',
      'add',
    ],
    ...[
      'esp',
      '# ==> x <==',
      '# ifconfig ipsec0',
      'link add ipsec0 type xfrm',
      'inet',
      '/999',
      'auth-trunc',
      'spi',
      '0x1',
      '\0',
    ],
  );
  const text = fc.oneof(
    fc.array(words, { maxLength: 40 }).map((all) => all.join(' ')),
    fc.string({ unit: 'binary' }),
  );
  const format = fc.constantFrom(null, ...importFormatNames);
  fc.assert(
    fc.property(text, format, (source, chosen) => {
      importFiles([{ name: 'x', text: source }], chosen, random);
    }),
    { numRuns: 60 },
  );
});

test('300 kB of junk is read in bounded time', () => {
  for (const unit of ['{ ', 'src dst ', 'a = b ', '\n\t', 'route add ', '"', '(', "'0x("]) {
    const before = performance.now();
    for (const format of [null, ...importFormatNames])
      importFiles([{ name: 'x', text: unit.repeat(300_000 / unit.length) }], format, random);
    assert.ok(performance.now() - before < 6000, unit);
  }
});
