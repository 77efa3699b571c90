/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { profileToIfconfig, profileToRoutes, profileToStatements } from '#core/profile/commands.ts';
import { literalPair } from '#core/profile/profile-check.ts';
import type { Profile } from '#core/profile/profile.ts';
import type { OuterPair } from '#core/ipsecif/outer-pair.ts';
import { toAssociationSpec } from '#core/setkey/association-spec.ts';
import { parseSetkey } from '#core/setkey/parser.ts';
import { printStatements } from '#core/setkey/printer.ts';
import { manualAssociations } from '#core/profile/manual-associations.ts';
import { exampleProfile, exampleSecrets, natTraversalProfile } from '#test/support/profile/profiles.ts';

function pairOf(profile: Profile): OuterPair {
  const pair = literalPair(profile);
  assert.ok(pair !== null);
  return pair;
}

test('the statements print as setkey text, both directions of each family', () => {
  const profile = exampleProfile();
  const reqids = { 'in ipv4': 1, 'out ipv4': 2, 'in ipv6': 3, 'out ipv6': 4 } as Readonly<Record<string, number>>;
  const statements = profileToStatements(
    profile,
    exampleSecrets,
    pairOf(profile),
    ({ direction, carries }) => reqids[`${direction} ${carries}`] ?? 0,
  );
  const suite = (digit: string): string => `-E aes-cbc 0x${digit.repeat(32)} -A hmac-sha256 0x${digit.repeat(64)};`;
  assert.deepEqual(printStatements(statements).trim().split('\n'), [
    `add 192.0.2.2 192.0.2.1 esp 4098 -m transport -u 1 ${suite('2')}`,
    `add 192.0.2.1 192.0.2.2 esp 4097 -m transport -u 2 ${suite('1')}`,
    `add 192.0.2.2 192.0.2.1 esp 4100 -m transport -u 3 ${suite('4')}`,
    `add 192.0.2.1 192.0.2.2 esp 4099 -m transport -u 4 ${suite('3')}`,
  ]);
  assert.ok(!printStatements(statements, { withKeys: false }).includes('1111'));
});

test('setkey reads the printed text as the same associations, NAT-T ports and lifetimes included', () => {
  const { profile, secrets } = natTraversalProfile({ local: { host: '192.0.2.1', port: 4501 } });
  const soft = { addSeconds: 10, useSeconds: 0, bytes: 20, packets: 0 };
  const hard = { ...soft, addSeconds: 30, bytes: 40 };
  const timed: Profile = { ...profile, keys: { ...profile.keys, soft, hard, hasEsn: true, replayBytes: 8 } };
  const { statements, errors } = parseSetkey(printStatements(profileToStatements(timed, secrets, pairOf(timed))));
  assert.deepEqual(errors, []);
  const view = (specs: readonly object[]): unknown => JSON.parse(JSON.stringify(specs));
  assert.deepEqual(
    view(statements.map((statement) => (statement.kind === 'add' ? toAssociationSpec(statement) : statement))),
    view(manualAssociations(timed, secrets, pairOf(timed)).map(({ spec }) => spec)),
  );
});

test('ifconfig’s lines stand in the order in which they work, and say only what differs from a fresh interface', () => {
  const { profile } = natTraversalProfile({
    flags: { link0: true, link2: false },
    mtu: 1400,
    peer: { host: '192.0.2.2', port: 5000 },
  });
  assert.deepEqual(
    profileToIfconfig(profile, pairOf(profile)).map((words) => words.join(' ')),
    [
      'ipsec0 create',
      'ipsec0 link0',
      'ipsec0 -link2',
      'ipsec0 tunnel 192.0.2.1,0 192.0.2.2,5000',
      'ipsec0 inet 172.16.1.1/32 172.16.2.1',
      'ipsec0 inet6 fd00::1:1/128 fd00::2:1',
      'ipsec0 mtu 1400',
      'ipsec0 up',
    ],
  );
});

test('IPv4 addresses behind the first are aliases, or BSD’s ifconfig would take the first one away', () => {
  const addresses = ['172.16.1.1', 'fd00::1', 'fd00::2', '172.16.1.2', '172.16.1.3'].map((address) => ({
    ...{ address, prefixLength: address.includes(':') ? 128 : 32 },
    peer: address === '172.16.1.2' ? '172.16.2.2' : null,
  }));
  const { profile } = natTraversalProfile({ addresses });
  const lines = profileToIfconfig(profile, pairOf(profile)).map((words) => words.join(' '));
  assert.deepEqual(
    lines.filter((line) => line.includes(' inet')),
    [
      'ipsec0 inet 172.16.1.1/32',
      'ipsec0 inet6 fd00::1/128',
      'ipsec0 inet6 fd00::2/128',
      'ipsec0 inet 172.16.1.2/32 172.16.2.2 alias',
      'ipsec0 inet 172.16.1.3/32 alias',
    ],
  );
});

test('routes keep their order and know their family', () => {
  assert.deepEqual(profileToRoutes(exampleProfile({ routes: ['10.2.3.4/16', 'fd00:2::/32'] })), [
    { destination: '10.2.0.0/16', family: 4, interface: 'ipsec0' },
    { destination: 'fd00:2::/32', family: 6, interface: 'ipsec0' },
  ]);
});
