/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encryptionRow, integrityRow, type EncryptionAlgorithmName } from '#core/crypto/algorithms.ts';
import { stateCommands } from '#core/profile/export/linux-state.ts';
import { generateSecrets } from '#core/profile/manual-keys.ts';
import { literalPair } from '#core/profile/profile-check.ts';
import type { Profile } from '#core/profile/profile.ts';
import { listSuites } from '#test/interop/suites.ts';
import { routedProfile, sourceOf } from '#test/support/profile/export-source.ts';

function addCommands(keys: Partial<Profile['keys']>, withKeys = true): readonly string[] {
  const profile = { ...routedProfile, keys: { ...routedProfile.keys, ...keys } };
  const secrets = generateSecrets(profile.keys, { fill: (out) => void out.fill(0xab) });
  const outer = literalPair(profile);
  assert.ok(outer !== null);
  return stateCommands(sourceOf(profile, secrets, withKeys), outer).add;
}

test('every suite of the registry has the kernel’s words, with keys and ICV of its lengths', () => {
  for (const { encryption, integrity } of listSuites()) {
    const [command = ''] = addCommands({ encryption, integrity });
    const row = encryptionRow(encryption);
    const keyBytes = ((row.keyBits.at(-1) ?? 0) + row.saltBytes * 8) / 8;
    const key = keyBytes === 0 ? "''" : `0x${'ab'.repeat(keyBytes)}`;
    if (row.kind === 'aead')
      assert.match(command, new RegExp(`aead '[^']+' ${key} ${row.icvBytes * 8} if_id`), encryption);
    else assert.match(command, new RegExp(`enc '[^']+' ${key} if_id`), encryption);
    if (integrity === null) continue;
    const { keyBits, icvBytes } = integrityRow(integrity);
    assert.match(command, new RegExp(`auth-trunc '[^']+' 0x${'ab'.repeat(keyBits / 8)} ${icvBytes * 8} `), integrity);
  }
});

test('a placeholder begins with 0x and goes on with no digit, so ip takes it for no key', () => {
  for (const command of addCommands({}, false)) {
    assert.doesNotMatch(command, /abab|0000000000/);
    assert.deepEqual(command.match(/'0x\([^']*'/g), ["'0x(256-bit key)'", "'0x(256-bit key)'"]);
  }
});

test('windows are counted in packets and end at the kernel’s largest; ESN has one always', () => {
  const windowOf = (keys: Partial<Profile['keys']>): string =>
    /replay-window (\d+)/.exec(addCommands(keys)[0] ?? '')?.[1] ?? '';
  assert.equal(windowOf({ replayBytes: 0 }), '0');
  assert.equal(windowOf({ replayBytes: 8 }), '64');
  assert.equal(windowOf({ replayBytes: 8192 }), '4096');
  assert.equal(windowOf({ replayBytes: 0, hasEsn: true }), '32');
});

test('lifetimes become limits of their kind', () => {
  const none = { addSeconds: 0, useSeconds: 0, bytes: 0, packets: 0 };
  const [command = ''] = addCommands({
    soft: { ...none, addSeconds: 1, useSeconds: 2 },
    hard: { ...none, addSeconds: 3, bytes: 4, packets: 5 },
  });
  assert.match(
    command,
    /limit time-soft 1 limit time-use-soft 2 limit time-hard 3 limit byte-hard 4 limit packet-hard 5$/,
  );
});

test('DF stays clear as on ipsecif(4) unless the profile copies it', () => {
  const encryption: EncryptionAlgorithmName = 'aes-cbc';
  assert.match(addCommands({ encryption })[0] ?? '', /flag af-unspec nopmtudisc /);
  const profile = { ...routedProfile, options: { dontFragment: 'copy' as const } };
  const secrets = generateSecrets(profile.keys, { fill: (out) => void out.fill(1) });
  const outer = literalPair(profile);
  assert.ok(outer !== null);
  assert.match(stateCommands(sourceOf(profile, secrets, true), outer).add[0] ?? '', /flag af-unspec auth-trunc/);
});
