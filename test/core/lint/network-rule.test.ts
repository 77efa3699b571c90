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
