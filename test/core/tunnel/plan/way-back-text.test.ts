/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KeyMaterial } from '#core/crypto/key-material.ts';
import { initialSettings } from '#core/ipsecif/interface-options.ts';
import { machineState } from '#core/tunnel/plan/machine-state.ts';
import { nothingHeld } from '#core/tunnel/plan/desired-state.ts';
import { wholeWayBack } from '#core/tunnel/plan/way-back.ts';
import { emitWayBack, parseWayBack } from '#core/tunnel/plan/way-back-text.ts';
import { Databases } from '#core/tunnel/databases.ts';
import { neverUsed } from '#core/sad/security-association.ts';
import { runSetkey } from '#core/setkey/run.ts';
import { thrownCode } from '#test/support/thrown-code.ts';

const text = `add 10.0.0.1 10.0.0.2 esp 1000 -m transport -r 8 -ls 3000 -lh 3600 -E aes-gcm-16 0x${'3'.repeat(40)};
add 10.0.0.2 10.0.0.1 esp 1001 -E aes-cbc 0x${'4'.repeat(32)} -A hmac-sha256 0x${'5'.repeat(64)};
spdadd 10.0.0.0/8[80] 10.9.0.0/16 tcp -P in none;
`;

test('what is written is what is read, keys and all', () => {
  const databases = new Databases({ limit: 8, allowWeak: false }, initialSettings);
  const { errors } = runSetkey(text, 'file', { ...databases, now: 5, pid: 1, usageOf: () => neverUsed });
  assert.deepEqual(errors, []);
  const usageOf = () => ({ ...neverUsed, sequence: 9 });
  const { interfaces, associations, policies } = wholeWayBack(machineState(databases), nothingHeld, usageOf);
  const kept = { interfaces, associations, policies, settings: initialSettings, added: ['ipsec3'] };
  const read = parseWayBack(emitWayBack(kept));
  assert.deepEqual(read.associations[0]?.spec.encryptionKey.reveal(), new Uint8Array(20).fill(0x33));
  assert.ok(read.associations[1]?.spec.integrityKey instanceof KeyMaterial);
  assert.deepEqual(JSON.parse(emitWayBack(read)), JSON.parse(emitWayBack(kept)));
  assert.deepEqual(
    read.policies.map(({ spec }) => spec.action),
    ['bypass'],
  );
});

test('a text that is cut or of another version is refused, and nothing of it is repeated', () => {
  const good = emitWayBack({ interfaces: [], associations: [], policies: [], settings: initialSettings, added: [] });
  for (const bad of [good.slice(0, -9), good.replace('"version":1', '"version":9'), '', 'null', '[]']) {
    assert.equal(
      thrownCode(() => parseWayBack(bad)),
      'STATE_UNWRITABLE',
    );
  }
});
