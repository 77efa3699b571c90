import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BsdInterfaces } from '#core/profile/import/bsd-interfaces.ts';
import { noFindings, type Findings, type ImportedTunnel } from '#core/profile/import/imported.ts';
import { readSetkeyText } from '#core/profile/import/read-setkey-text.ts';

function read(text: string): Findings & { readonly made: ImportedTunnel[] } {
  const findings = noFindings();
  const interfaces = new BsdInterfaces(findings);
  readSetkeyText({ name: 'ipsec.conf', text }, interfaces, findings);
  return { ...findings, made: interfaces.tunnels(() => null) };
}

const key = `0x${'0a'.repeat(36)}`;

test('interfaces and routes are read from comments, associations from statements', () => {
  const { made, associations, unmapped } = read(
    [
      '# ifconfig ipsec0 tunnel 192.0.2.1 192.0.2.2',
      '# route add -net 10.2.0.0/24 -interface ipsec0',
      '# this gateway is the one in Lyon',
      'flush;',
      `add 192.0.2.1 192.0.2.2 esp 0x1001 -m transport -E aes-gcm-16 ${key};`,
    ].join('\n'),
  );
  assert.deepEqual(unmapped, []);
  assert.deepEqual([made[0]?.interface, made[0]?.routes], ['ipsec0', ['10.2.0.0/24']]);
  assert.deepEqual(
    associations.map(({ line, hasKeys, spec }) => [line, hasKeys, spec.spi]),
    [[5, true, 0x1001]],
  );
});

test('a placeholder stands for a key that nobody has', () => {
  const { associations } = read('add 192.0.2.1 192.0.2.2 esp 0x1001 -E aes-gcm-16 (288-bit key);');
  assert.deepEqual(
    associations.map(({ hasKeys }) => hasKeys),
    [false],
  );
});

test('policies and AH are told with their lines, and so is what is wrong; no key is repeated', () => {
  const { associations, unmapped } = read(
    [
      'spdadd 10.1.0.0/24 10.2.0.0/24 any -P out ipsec esp/tunnel/192.0.2.1-192.0.2.2/require;',
      `add 192.0.2.1 192.0.2.2 ah 0x1001 -A hmac-sha256 0x${'0b'.repeat(32)};`,
      `addd 192.0.2.1 192.0.2.2 esp 0x1001 -E aes-gcm-16 ${key};`,
    ].join('\n'),
  );
  assert.deepEqual(associations, []);
  assert.deepEqual(new Set(unmapped.map(({ line }) => line)), new Set([1, 2, 3]));
  assert.ok(!JSON.stringify(unmapped).includes('0a0a0a0a'));
});
