/**
 * `swanctl --load-all` of a real strongSwan takes every exported connection without a complaint.
 * @module
 */
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import type { ExportSource } from '#core/profile/export/export-source.ts';
import { generateSecrets } from '#core/profile/manual-keys.ts';
import { listSuites } from '#test/interop/suites.ts';
import { NetworkNamespace } from '#test/support/network-namespace.ts';
import { exportCases, fileOf, routedProfile, sourceOf } from '#test/support/profile/export-source.ts';
import { exampleProfile, exampleSecrets } from '#test/support/profile/profiles.ts';
import { Charon, missingForCharon } from './charon.ts';

suite('charon loads', { skip: missingForCharon() ?? false }, () => {
  let charon: Charon;

  before(async () => {
    charon = new Charon(new NetworkNamespace('charon'));
    await charon.start();
  });
  after(() => charon.stop());

  const load = (source: ExportSource): void => {
    const { status, stdout, stderr } = charon.loadAll(fileOf('swanctl', source));
    assert.deepEqual([status, stderr], [0, ''], stdout);
    assert.match(stdout, /^successfully loaded 1 connections, \d+ unloaded$/m);
  };

  for (const name of ['plain', 'peer', 'nat-t'] as const) {
    test(`the connection of ${name}, with its selectors`, () => {
      load(exportCases[name]());
      const listed = charon.swanctl('--list-conns').stdout;
      assert.match(listed, /^office: IKEv2,/m);
      assert.match(listed, /local: {2}0\.0\.0\.0\/0 ::\/0\n +remote: 0\.0\.0\.0\/0 ::\/0/);
      const addresses =
        name === 'nat-t' ? /2001:db8::1/ : name === 'peer' ? /local: +192\.0\.2\.2/ : /local: +192\.0\.2\.1/;
      assert.match(listed, addresses);
    });
  }

  test('a name that needs another spelling, and a host that is a name', () => {
    const profile = exampleProfile({ name: 'Büro 2.0', local: { host: 'auto' }, peer: { host: 'vpn.example.com' } });
    load(sourceOf(profile, exampleSecrets, false));
    assert.match(charon.swanctl('--list-conns').stdout, /^B-ro-2-0: IKEv2,[\s\S]*remote: vpn\.example\.com/m);
  });

  test('every suite that strongSwan has a name for', () => {
    for (const { name, encryption, integrity, encryptionKey } of listSuites()) {
      const keys = { ...routedProfile.keys, encryption, integrity, hasEsn: true };
      const bits = encryptionKey.length * 4;
      const secrets = generateSecrets(keys, { fill: (out) => void out.fill(1) });
      const lengths = { encryptionBits: bits, integrityBits: 0 };
      const pairs = secrets.pairs.map(() => ({ out: lengths, in: lengths }));
      const source = sourceOf({ ...routedProfile, keys }, secrets, false);
      assert.doesNotThrow(() => load({ ...source, lengths: { pairs } }), name);
    }
  });

  test('a word that strongSwan does not know would be noticed', () => {
    const text = fileOf('swanctl', exportCases.plain()).replace(
      'esp_proposals = aes128-sha256',
      'esp_proposals = rot13',
    );
    assert.notEqual(charon.loadAll(text).status, 0);
  });
});
