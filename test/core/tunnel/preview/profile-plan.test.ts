/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseIpAddress } from '#core/ip/address.ts';
import type { ProfileInput } from '#core/profile/profile.ts';
import type { ProfilePreview } from '#core/tunnel/preview/profile-preview.ts';
import { buildDesktop, type Desktop } from '#test/support/desktop.ts';
import { exampleProfile, exampleSecrets } from '#test/support/profile/profiles.ts';

/** A profile between the gateways of the picture. */
const ends: Partial<ProfileInput> = {
  local: { host: 'auto' },
  peer: { host: '203.0.113.2' },
  networks: ['192.168.100.0/24'],
};

function plan(
  changes: Partial<ProfileInput> = {},
  made: Desktop = buildDesktop(),
  id: string | null = null,
): Promise<ProfilePreview> {
  return made.desktop.previewProfile(exampleProfile({ ...ends, ...changes }), id);
}

const fields = ({ conflicts }: ProfilePreview): string[] =>
  conflicts.map(({ field, severity }) => `${severity} ${field}`);

test('a profile shows what it would make, in commands that make the same, and no key', async () => {
  const preview = await plan();
  assert.deepEqual(preview.outer, { local: '203.0.113.1', peer: '203.0.113.2', localPort: 0, peerPort: 0 });
  assert.deepEqual(preview.interface.slice(0, 2), ['create', 'tunnel 203.0.113.1 203.0.113.2']);
  assert.deepEqual(
    preview.policies.map(({ direction, after }) => `${direction} ${after}`),
    ['in esp/transport//unique', 'out esp/transport//unique', 'in esp/transport//unique', 'out esp/transport//unique'],
  );
  assert.deepEqual(preview.associations[0], {
    ...{ direction: 'in', carries: 'ipv4', spi: 0x1002, encryption: 'aes-cbc', integrity: 'hmac-sha256' },
    text: '203.0.113.2 203.0.113.1 esp 0x00001002',
  });
  assert.deepEqual(preview.routes, [{ destination: '10.2.0.0/16', interface: 'ipsec0' }]);
  assert.equal(preview.commands.at(-1), 'culvert route add -inet 10.2.0.0/16 -interface ipsec0 -failclosed');
  const statement = preview.commands.find((line) => line.startsWith('add 203.0.113.1'));
  assert.match(statement ?? '', /-u REQID .*-E aes-cbc KEY -A hmac-sha256 KEY; # REQID: of the policy "out" of ipv4$/);
  assert.doesNotMatch(preview.commands.join('\n'), /0x0000000/);
  assert.deepEqual(
    fields(preview).filter((field) => !field.endsWith(' keys')),
    [],
  );
});

test('a name that is not known yet leaves out what depends on it, and says so', async () => {
  const preview = await plan({ peer: { host: 'vpn.example.com' } });
  assert.equal(preview.outer, null);
  assert.deepEqual([preview.policies, preview.commands], [[], []]);
  assert.equal(fields(preview)[0], 'error peer.host');
});

test('what collides is told by its field', async () => {
  const made = buildDesktop();
  const { gateway } = made.network.a;
  await gateway.createInterface('ipsec0');
  const pair = { local: parseIpAddress('203.0.113.1'), peer: parseIpAddress('203.0.113.2'), localPort: 0, peerPort: 0 };
  await gateway.setTunnel('ipsec0', pair);
  await gateway.runSetkey(`add 203.0.113.2 203.0.113.1 esp 0x1002 -E aes-gcm-16 0x${'5a'.repeat(36)};`, 'file', 1);
  const preview = await plan(
    {
      addresses: [
        { address: '192.168.100.1', prefixLength: 32 },
        { address: '192.168.100.77', prefixLength: 24 },
      ],
      routes: ['203.0.0.0/8', '192.168.100.0/24', '192.168.0.0/16', '10.9.0.0/16'],
      networks: ['10.50.0.0/16'],
      mtu: 1500,
    },
    made,
  );
  assert.deepEqual(
    fields(preview).filter((field) => !field.endsWith(' keys')),
    [
      ...['error interface', 'error peer.host', 'error keys.pairs.0.spiIn'],
      ...['error addresses.0', 'warning addresses.1'],
      ...['warning routes.0', 'error routes.1', 'warning routes.2'],
      ...['warning networks.0', 'warning mtu'],
    ],
  );
  assert.match(
    preview.conflicts.find(({ field }) => field === 'mtu')?.message ?? '',
    /the largest that do have 14\d\d/,
  );
});

test('a route that would swallow the peer is an error', async () => {
  const preview = await plan({ routes: ['203.0.113.0/24'] });
  assert.ok(fields(preview).includes('error routes.0'), JSON.stringify(preview.conflicts));
});

test('a profile that is on is no conflict with itself, and is one with a copy', async () => {
  const made = buildDesktop();
  const { id } = made.profiles.create(exampleProfile(ends), exampleSecrets);
  await made.profiles.up('office');
  const errors = async (own: string | null): Promise<string[]> =>
    fields(await plan({}, made, own)).filter((field) => field.startsWith('error'));
  assert.deepEqual(await errors(id), []);
  assert.ok((await errors(null)).includes('error interface'));
});

test('what is malformed is one conflict, with the field', async () => {
  const preview = await plan({ addresses: [{ address: 'nowhere', prefixLength: 32 }] });
  assert.deepEqual(fields(preview), ['error addresses']);
  assert.deepEqual(preview.policies, []);
});
