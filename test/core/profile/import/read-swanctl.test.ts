import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ImportedProfile } from '#core/profile/import/assemble.ts';
import { noFindings, type Unmapped } from '#core/profile/import/imported.ts';
import { readSwanctl } from '#core/profile/import/read-swanctl.ts';

let drawn = 0;
const random = { fill: (out: Uint8Array) => void out.fill(++drawn & 255) };

function read(child: string, connection = ''): { profiles: ImportedProfile[]; unmapped: Unmapped[] } {
  const findings = noFindings();
  const ends = 'local_addrs = 192.0.2.1\n    remote_addrs = 192.0.2.2';
  const text = `connections {\n  office {\n    ${ends}\n${connection}\n    children {\n      net {\n${child}\n      }\n    }\n  }\n}\n`;
  const profiles = readSwanctl({ name: 'swanctl.conf', text }, findings, random);
  return { profiles, unmapped: findings.unmapped };
}

test('ends, networks, suite and lifetimes of a child are a profile without keys', () => {
  const { profiles } = read(
    [
      'local_ts = 10.1.0.0/24, 10.1.9.9',
      'remote_ts = 10.2.0.0/24[tcp/80], 10.3.0.1/24',
      'esp_proposals = aes256gcm16-modp2048-esn, aes128-sha256',
      'rekey_time = 50m',
      'life_time = 1h',
      'if_id_out = 4',
      'start_action = start',
    ].join('\n'),
  );
  const [{ profile, secrets } = { profile: null, secrets: undefined }] = profiles;
  assert.equal(secrets, null);
  assert.deepEqual(
    [profile?.name, profile?.interface, profile?.startup, profile?.peer.host],
    ['office', 'ipsec3', 'up', '192.0.2.2'],
  );
  assert.deepEqual(profile?.networks, ['10.1.0.0/24', '10.1.9.9/32']);
  assert.deepEqual(profile.routes, ['10.2.0.0/24', '10.3.0.0/24']);
  const { encryption, hasEsn, soft, hard } = profile.keys;
  assert.deepEqual([encryption, hasEsn, soft.addSeconds, hard.addSeconds], ['aes-gcm-16', true, 3000, 3600]);
});

test('the window is that of strongSwan where the file says none', () => {
  const windows = ['', 'replay_window = 0', 'replay_window = 128'].map(
    (line) => read(line).profiles[0]?.profile.keys.replayBytes,
  );
  assert.deepEqual(windows, [4, 0, 16]);
});

for (const [proposal, encryption, integrity] of [
  ['aes128gcm128', 'aes-gcm-16', null],
  ['aes256gcm64', 'aes-gcm-8', null],
  ['aes-sha2_256', 'aes-cbc', 'hmac-sha256'],
  ['blowfish-md5, aes256-sha512', 'aes-cbc', 'hmac-sha512'],
  ['chacha20poly1305-x25519', 'chacha20-poly1305', null],
] as const) {
  test(`"${proposal}" is ${encryption}`, () => {
    const keys = read(`esp_proposals = ${proposal}`).profiles[0]?.profile.keys;
    assert.deepEqual([keys?.encryption, keys?.integrity], [encryption, integrity]);
  });
}

test('every spelling of yes asks for UDP encapsulation', () => {
  for (const [word, link0] of [
    ['yes', true],
    ['1', true],
    ['Enabled', true],
    ['no', false],
  ] as const) {
    assert.equal(read('', `encap = ${word}`).profiles[0]?.profile.flags.link0, link0, word);
  }
});

test('what is about IKE and what is no network are told with their lines, and the rest is read', () => {
  const { profiles, unmapped } = read('remote_ts = 10.2.0.1-10.2.0.9, dynamic[gre]', 'version = 2');
  assert.deepEqual(profiles[0]?.profile.routes, []);
  const told = unmapped.map(({ text, line }) => `${text} ${line}`);
  assert.ok(told.includes('version 5'), told.join());
  assert.ok(told.includes('10.2.0.1-10.2.0.9 7'), told.join());
});

test('transport mode and proposals that nobody here knows are no profile, with the reason', () => {
  for (const [line, why] of [
    ['mode = transport', /mode transport is no tunnel/],
    ['esp_proposals = twofish-md5', /none of its ESP proposals/],
  ] as const) {
    const { profiles, unmapped } = read(line);
    assert.deepEqual(profiles, []);
    assert.match(unmapped.at(-1)?.why ?? '', why);
  }
});
