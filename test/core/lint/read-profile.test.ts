import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyInput, type LintInput } from '#core/lint/lint-input.ts';
import { readProfileFile } from '#core/lint/read-profile.ts';
import { thrownCode } from '#test/support/thrown-code.ts';

const profile = {
  ...{ version: 2, name: 'office', interface: 'ipsec4', routes: ['10.0.0.0/8', '0.0.0.0/0'] },
  ...{ local: { host: '192.0.2.1' }, peer: { host: '198.51.100.1' } },
  keys: {
    ...{ kind: 'manual', encryption: 'aes-cbc', integrity: 'hmac-sha256' },
    pairs: [{ carries: 'ipv4', spiOut: 256, spiIn: 257 }],
  },
};

function read(value: unknown): LintInput {
  const input = emptyInput();
  readProfileFile({ name: 'office.json', text: JSON.stringify(value, null, 2) }, input);
  return input;
}

test('a profile is its interface, its two associations and its networks', () => {
  const { ipsecif, associations, networks, interfacePlaces } = read({ profile });
  assert.equal(ipsecif.get('ipsec4').outer?.peer, '198.51.100.1');
  assert.deepEqual(
    associations.map(({ spec, owner, hasKeys }) => [spec.spi, owner, hasKeys]),
    [
      [257, 'ipsec4', false],
      [256, 'ipsec4', false],
    ],
  );
  // The whole Internet overlaps with everything, and is meant to.
  assert.deepEqual(
    networks.map(({ prefix }) => prefix),
    ['10.0.0.0/8'],
  );
  assert.deepEqual(interfacePlaces.get('ipsec4')?.file, 'office.json');
  assert.notEqual(interfacePlaces.get('ipsec4')?.line, 1);
});

test('a finding stands at the field, not at a value of the same word', () => {
  const { networks, interfacePlaces } = read({ profile: { ...profile, name: 'interface' } });
  assert.deepEqual(interfacePlaces.get('ipsec4')?.line, 5);
  assert.deepEqual(networks[0]?.place.line, 6);
});

test('a name that must be looked up first is compared with this end only', () => {
  const { associations } = read({ profile: { ...profile, peer: { host: 'vpn.example.org' } } });
  assert.deepEqual(
    associations.map(({ spec }) => spec.source),
    ['198.51.100.1', '192.0.2.1'],
  );
});

test('a profile that is wrong throws the profile’s own error', () => {
  assert.notEqual(
    thrownCode(() => read({ profile: { ...profile, interface: 'eth0' } })),
    null,
  );
});
