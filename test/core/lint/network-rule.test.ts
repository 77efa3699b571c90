import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePrefix } from '#core/ip/prefix.ts';
import { emptyInput, type LintInput } from '#core/lint/lint-input.ts';
import { networkRule, type LocalNetwork } from '#core/lint/network-rule.ts';

const place = { file: 'f', line: 1, column: 1 };
const inputOf = (...networks: readonly (readonly [string, string])[]): LintInput => ({
  ...emptyInput(),
  networks: networks.map(([name, text]) => ({ place, interface: name, prefix: parsePrefix(text) })),
});
const local = (device: string, text: string): LocalNetwork => ({ device, prefix: parsePrefix(text) });

test('a prefix overlaps with the wider and with the narrower, and not with its neighbour', () => {
  const input = inputOf(['ipsec0', '10.1.0.0/16']);
  for (const other of ['10.0.0.0/8', '10.1.2.0/24', '10.1.0.0/16']) {
    assert.deepEqual(
      networkRule(input, [local('eth0', other)]).map(({ code }) => code),
      ['NETWORK_OVERLAP'],
      other,
    );
  }
  assert.deepEqual(networkRule(input, [local('eth0', '10.2.0.0/16')]), []);
});

test('the tunnel’s own device is no conflict, and families never meet', () => {
  assert.deepEqual(networkRule(inputOf(['ipsec0', '10.1.0.0/16']), [local('ipsec0', '10.1.0.0/16')]), []);
  assert.deepEqual(networkRule(inputOf(['ipsec0', '::/1']), [local('eth0', '10.1.0.0/16')]), []);
});

test('of two tunnels with one network the later is told, and one tunnel may say it twice', () => {
  const found = networkRule(inputOf(['ipsec0', '10.1.0.0/16'], ['ipsec1', '10.1.2.0/24']), null);
  assert.deepEqual(
    found.map(({ code, message }) => [code, message]),
    [['NETWORK_OVERLAP_INNER', '10.1.2.0/24 of ipsec1 overlaps with 10.1.0.0/16 of ipsec0']],
  );
  assert.deepEqual(networkRule(inputOf(['ipsec0', '10.1.0.0/16'], ['ipsec0', '10.1.2.0/24']), null), []);
});

test('of two tunnels the wider may come later, and overlaps as well', () => {
  const found = networkRule(inputOf(['ipsec0', '10.1.2.0/24'], ['ipsec1', '10.1.0.0/16']), null);
  assert.deepEqual(
    found.map(({ message }) => message),
    ['10.1.0.0/16 of ipsec1 overlaps with 10.1.2.0/24 of ipsec0'],
  );
});

test('a third tunnel is told although the first that claims its network is its own', () => {
  const found = networkRule(
    inputOf(['ipsec0', '10.1.0.0/16'], ['ipsec1', '10.1.0.0/16'], ['ipsec0', '10.1.0.0/16']),
    null,
  );
  assert.equal(found.length, 2);
});

test('every link has link-local addresses, and they are no conflict (RFC 4291 §2.5.6)', () => {
  const input = inputOf(['ipsec0', 'fe80::1/64'], ['ipsec1', 'fe80::2/64'], ['ipsec2', '169.254.3.1/24']);
  assert.deepEqual(networkRule(input, [local('eth0', 'fe80::9/64'), local('eth0', '169.254.0.0/16')]), []);
  assert.equal(networkRule(inputOf(['ipsec0', 'f800::/5']), [local('eth0', 'fe80::9/64')]).length, 1);
});

test('twenty thousand networks of two tunnels are compared in a moment', () => {
  const many = Array.from({ length: 20_000 }, (_, index): [string, string] => [
    `ipsec${index % 2}`,
    `10.${index >> 12}.${(index >> 4) & 255}.${(index & 15) << 4}/28`,
  ]);
  const before = process.cpuUsage();
  assert.deepEqual(networkRule(inputOf(...many), null), []);
  // Comparing each with each takes minutes. Time of the processor: the machine may be busy with something else.
  assert.ok(process.cpuUsage(before).user < 15_000_000);
});
