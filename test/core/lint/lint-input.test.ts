import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseIpAddress } from '#core/ip/address.ts';
import { acceptedReqids, configuredInterfaces, emptyInput, innerPrefix } from '#core/lint/lint-input.ts';
import { readFiles } from '#core/lint/read-files.ts';

const read = (name: string, text: string) => readFiles([{ name, text }]);

test('an interface takes the reqids that a machine just started draws, and the fixed ones of its unit', () => {
  const [found] = configuredInterfaces(read('ifconfig.ipsec0', 'create\ntunnel 192.0.2.1 198.51.100.1\n'));
  assert.ok(found !== undefined);
  assert.deepEqual(acceptedReqids(found.record, 'in'), [16_385, 16_387, 8192, 8193]);
  assert.deepEqual(acceptedReqids(found.record, 'out'), [16_386, 16_388, 8192, 8193]);
});

test('under link0 no reqid is asked for', () => {
  const [found] = configuredInterfaces(read('ifconfig.ipsec0', 'create\nlink0\ntunnel 192.0.2.1 198.51.100.1\n'));
  assert.ok(found !== undefined);
  assert.deepEqual(acceptedReqids(found.record, 'in'), []);
});

test('an interface without outer addresses has nothing to compare with, and no file has no interface', () => {
  assert.deepEqual(configuredInterfaces(read('ifconfig.ipsec0', 'create\nup\n')), []);
  assert.deepEqual(configuredInterfaces(emptyInput()), []);
});

test('an inner address stands for its peer where it has one, for its network otherwise', () => {
  const address = parseIpAddress('172.16.1.1');
  assert.equal(innerPrefix({ address, prefixLength: 32, peer: parseIpAddress('172.16.2.1') }), '172.16.2.1/32');
  assert.equal(innerPrefix({ address, prefixLength: 24, peer: null }), '172.16.1.1/24');
});
