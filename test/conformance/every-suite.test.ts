/**
 * Every suite of the registry, given as setkey text to two gateways: what is weak needs `allowWeak`, and all of them
 * carry packets.
 * @module
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toHex } from '#core/base/bytes.ts';
import { encryptionRow } from '#core/crypto/algorithms.ts';
import { buildTwoGateways } from '#core/host/memory/two-gateways.ts';
import { parseIpAddress } from '#core/ip/address.ts';
import { establishTunnel } from '#test/support/establish-tunnel.ts';
import { hasIntegrity, registrySuites, type RegistrySuite } from './transform-job.ts';

const suites = registrySuites();

test('every suite carries pings both ways, and nothing is dropped', async () => {
  for (const suite of suites) {
    const network = buildTwoGateways({ allowWeak: true });
    await establishTunnel(network, { outer: 4, suite: setkeyText(suite) });
    const { a, b } = network;
    const there = a.host.ping(parseIpAddress(b.addresses.host[4]), { count: 3 });
    const back = b.host.ping(parseIpAddress(a.addresses.host[6]), { count: 3 });
    assert.deepEqual([there.received, back.received], [3, 3], suite.label);
    for (const { gateway } of [a, b]) assert.deepEqual(gateway.status().interfaces[0]?.drops, [], suite.label);
  }
});

test('without --allow-weak a weak suite is refused with the reason, before anything changes', async () => {
  const { gateway } = buildTwoGateways().a;
  const expected = { refused: 0, accepted: 0 };
  for (const [index, suite] of suites.entries()) {
    const text = `add 192.0.2.1 192.0.2.2 esp ${0x1000 + index} ${setkeyText(suite)};`;
    const run = await gateway.runSetkey(text, 'file', 1);
    const reason = reasonWhenStrict(suite);
    if (reason === null) {
      assert.deepEqual(run.errors, [], suite.label);
      expected.accepted++;
      continue;
    }
    assert.equal(run.errors.length, 1, suite.label);
    assert.match(run.errors[0]?.message ?? '', reason, suite.label);
    assert.deepEqual([run.errors[0]?.errno, run.applied], ['EINVAL', 0], suite.label);
    expected.refused++;
  }
  assert.equal(gateway.status().associations.length, expected.accepted);
  // Seven of 3DES; CBC, CTR and Camellia with three keys each, and null, without integrity.
  assert.deepEqual(expected, { refused: 17, accepted: 76 });
});

function reasonWhenStrict(suite: RegistrySuite): RegExp | null {
  const { kind, weakness } = encryptionRow(suite.encryption);
  if (weakness !== undefined) return /RFC 8221: SHOULD NOT/;
  if (hasIntegrity(suite)) return null;
  return kind === 'null' ? /neither encryption nor integrity/ : /alone does not authenticate/;
}

function setkeyText({ encryption, integrity, spec }: RegistrySuite): string {
  const key = spec.key.length === 0 ? '' : ` 0x${toHex(spec.key)}${toHex(spec.salt)}`;
  return `-E ${encryption}${key}${integrity === null ? '' : ` -A ${integrity} 0x${toHex(spec.integrityKey)}`}`;
}
