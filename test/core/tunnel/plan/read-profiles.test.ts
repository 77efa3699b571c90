import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scratchDatabases } from '#core/tunnel/plan/read-desired.ts';
import type { ReadSurroundings } from '#core/tunnel/plan/read-interfaces.ts';
import { readProfiles } from '#core/tunnel/plan/read-profiles.ts';

const profile = {
  ...{ version: 2, name: 'office', interface: 'ipsec4', routes: ['10.9.0.0/16'] },
  ...{ local: { host: '192.0.2.1' }, peer: { host: '198.51.100.1' } },
  keys: {
    ...{ kind: 'manual', encryption: 'aes-cbc', integrity: 'hmac-sha256' },
    pairs: [{ carries: 'ipv4', spiOut: 256, spiIn: 257 }],
  },
};
const pair = { encryption: '5a'.repeat(16), integrity: '6b'.repeat(32) };
const secrets = { kind: 'manual', pairs: [{ out: pair, in: pair }] };

function read(value: unknown) {
  const around: ReadSurroundings = { databases: scratchDatabases(), problems: [], notes: [] };
  return { ...readProfiles([{ name: 'office.json', text: JSON.stringify(value) }], around), ...around };
}

test('a profile is an interface that is up, and associations whose reqids are its policies’', () => {
  const { interfaces, associations, problems } = read({ profile, secrets });
  assert.deepEqual(problems, []);
  assert.deepEqual(
    interfaces.map(({ name, flags, outer, routes }) => [name, flags.isUp, outer?.peer, routes]),
    [['ipsec4', true, '198.51.100.1', ['10.9.0.0/16']]],
  );
  assert.deepEqual(associations.map(({ spec, owner, resumeAt }) => [spec.spi, owner, resumeAt]).sort(), [
    [256, { interface: 'ipsec4', direction: 'out', carries: 'ipv4' }, 0],
    [257, { interface: 'ipsec4', direction: 'in', carries: 'ipv4' }, 0],
  ]);
});

test('a profile without keys, with a name to look up, or that is wrong is a problem of its file', () => {
  const said = (value: unknown): string | undefined => read(value).problems[0]?.message;
  assert.match(said({ profile }) ?? '', /keys of the profile are left out/);
  assert.match(said({ profile: { ...profile, peer: { host: 'vpn.example.org' } }, secrets }) ?? '', /ends by name/);
  const wrong = read({ profile: { ...profile, interface: 'eth0' }, secrets });
  assert.deepEqual([wrong.problems.length, wrong.interfaces.length, wrong.associations.length], [1, 0, 0]);
  assert.equal(wrong.problems[0]?.file, 'office.json');
});
