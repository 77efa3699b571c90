import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseIpAddress } from '#core/ip/address.ts';
import { initialSettings } from '#core/ipsecif/interface-options.ts';
import { Databases } from '#core/tunnel/databases.ts';
import { testAssociation } from '#test/support/associations.ts';
import { discarding } from '#test/support/policies.ts';

const outer = { local: parseIpAddress('10.0.0.1'), peer: parseIpAddress('10.0.0.2'), localPort: 0, peerPort: 0 };

function fill({ sad, spd, ipsecif }: Databases, unit: number): void {
  sad.add(testAssociation(256 + unit), 0, 1);
  spd.add(discarding({ sourcePort: unit + 1 }), 'user', 1);
  ipsecif.create(`ipsec${unit}`);
  ipsecif.setSettings({ hopLimit: 100 + unit });
  if (unit === 0) ipsecif.setTunnel('ipsec0', outer);
}

test('all three are taken back together, and an outer mark takes back what an inner one kept', () => {
  const databases = new Databases({ limit: 10 }, initialSettings);
  const view = (): unknown => [
    databases.sad.list(),
    databases.spd.list(),
    [...databases.ipsecif.list()],
    databases.ipsecif.settings,
  ];
  fill(databases, 0);
  const before = view();
  const outerMark = databases.mark();
  const kept = databases.mark();
  fill(databases, 1);
  kept.commit();
  const between = view();
  const dropped = databases.mark();
  databases.ipsecif.destroy('ipsec0');
  fill(databases, 2);
  dropped.rollback();
  assert.deepEqual(view(), between);
  outerMark.rollback();
  assert.deepEqual(view(), before);
});
