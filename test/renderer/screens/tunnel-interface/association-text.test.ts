import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AssociationStatus } from '#core/api/contract.ts';
import { associationText } from '#renderer/screens/tunnel-interface/association-text.ts';

const limits = { addSeconds: 0, useSeconds: 0, bytes: 0, packets: 0 };
const association: AssociationStatus = {
  ...{ id: 1, source: '192.0.2.118', destination: '203.0.113.7', protocol: 'esp', ports: null, spi: 0xc41d09e7 },
  ...{ mode: 'transport', reqid: 16386, replayBytes: 4, hasEsn: true, encryption: 'aes-cbc', encryptionKeyBits: 256 },
  ...{ integrity: 'hmac-sha256', state: 'mature', createdMs: 0, soft: limits, hard: { ...limits, addSeconds: 3600 } },
  interfaces: ['ipsec0'],
  usage: {
    ...{ packets: 0, bytes: 0, firstUsedMs: 0, lastUsedMs: 0, sequence: 0, replayDrops: 0 },
    ...{ authenticationFailures: 0, pathMtu: 0 },
  },
};

test('an association is a statement of setkey with a placeholder for each key', () => {
  const text = associationText([association]);
  assert.match(text, /^add 192\.0\.2\.118 203\.0\.113\.7 esp 3290237415 .*-u 16386 .*-lh 3600 /);
  assert.match(text, /-E aes-cbc \(256-bit key\) -A hmac-sha256 \(256-bit key\);\n$/);
  assert.doesNotMatch(text, /0x/);
});

test('ports of ESP in UDP stand behind the addresses', () => {
  const udp: AssociationStatus = { ...association, protocol: 'esp-udp', ports: { source: 4500, destination: 4501 } };
  assert.match(associationText([udp]), /^add 192\.0\.2\.118\[4500\] 203\.0\.113\.7\[4501\] esp-udp /);
});

test('no association is no text', () => {
  assert.equal(associationText([]), '');
});
