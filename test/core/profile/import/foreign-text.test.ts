/** @module */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { readFiles } from '#core/lint/read-files.ts';
import { foreignText } from '#core/profile/import/foreign-text.ts';
import { importFiles } from '#core/profile/import/import-files.ts';
import { readDesired } from '#core/tunnel/plan/read-desired.ts';

const random = { fill: (out: Uint8Array): void => void out.fill(7) };

const foreign = [
  ['[Interface]\nPrivateKey = c2VjcmV0\n\n[Peer]\nEndpoint = 192.0.2.1:51820\n', /^WireGuard/],
  ['# mine\n[Peer]\nallowedips=10.0.0.0/8\n', /^WireGuard/],
  ['client\ndev tun\nremote vpn.example.com 1194\n', /^OpenVPN/],
  ['conn office\n  left=192.0.2.1\n  right=192.0.2.2\n', /^ipsec\.conf/],
  ['[NetDev]\nName=ipsec0\nKind=xfrm\n', /^units of systemd-networkd/],
  ['-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n', /^it is a key or a certificate/],
] as const;

for (const [text, why] of foreign) {
  test(`an import of ${JSON.stringify(text.slice(0, 24))} says what it is, and nothing of it`, () => {
    const { profiles, unmapped } = importFiles([{ name: '', text }], null, random);
    assert.deepEqual([profiles.length, unmapped.length], [0, 1]);
    assert.match(unmapped[0]?.why ?? '', why);
    assert.doesNotMatch(JSON.stringify(unmapped), /c2VjcmV0/);
  });
}

test('check and plan refuse it, too: a file of another protocol is not one that changes nothing', async () => {
  const file = { name: 'wg0.conf', text: foreign[0][0] };
  assert.match(
    readFiles([file])
      .findings.map(({ message }) => message)
      .join(),
    /^WireGuard/,
  );
  const { desired, problems } = await readDesired([file]);
  assert.equal(desired, null);
  assert.match(problems[0]?.message ?? '', /^WireGuard/);
});

test('nothing that Culvert exports is foreign, but units of systemd-networkd', () => {
  const folder = 'test/fixtures/export';
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.txt'))) {
    const why = foreignText(readFileSync(`${folder}/${name}`, 'utf8'));
    assert.equal(why !== null, name.includes('networkd'), name);
  }
});
