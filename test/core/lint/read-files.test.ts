import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFiles } from '#core/lint/read-files.ts';

test('every kind of file ends in one input, and interfaces are known whatever the order', () => {
  const input = readFiles([
    {
      name: 'sa.conf',
      text: `add 192.0.2.1 198.51.100.1 esp 1000 -E aes-cbc 0x${'5a'.repeat(16)} -A hmac-sha256 0x${'6b'.repeat(32)};`,
    },
    { name: 'ifconfig.ipsec3', text: 'create\ntunnel 192.0.2.1 198.51.100.1\ninet 172.16.1.1/32 172.16.2.1\n' },
  ]);
  assert.deepEqual(input.findings, []);
  assert.deepEqual([...input.interfacePlaces.keys()], ['ipsec3']);
  assert.deepEqual(
    input.associations.map(({ spec, place }) => [spec.spi, place]),
    [[1000, { file: 'sa.conf', line: 1, column: 1 }]],
  );
  assert.deepEqual(
    input.networks.map(({ interface: name, prefix }) => [name, prefix]),
    [['ipsec3', '172.16.2.1/32']],
  );
});

test('a profile that is wrong is one finding with the error’s own hint, and the other files are read', () => {
  const { findings, policies } = readFiles([
    { name: 'bad.json', text: '{"version": 2}' },
    { name: 'p.conf', text: 'spdadd 10.0.0.1 10.0.0.2 any -P out none;' },
  ]);
  assert.deepEqual(
    findings.map(({ code, file }) => [code, file]),
    [['TEXT_REFUSED', 'bad.json']],
  );
  assert.equal(policies.length, 1);
});
