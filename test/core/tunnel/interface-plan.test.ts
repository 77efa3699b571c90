import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseIpAddress } from '#core/ip/address.ts';
import { Ipsecif } from '#core/ipsecif/ipsecif.ts';
import { Sad } from '#core/sad/sad.ts';
import type { AssociationSpec } from '#core/sad/security-association.ts';
import { Spd } from '#core/spd/spd.ts';
import { planInterface } from '#core/tunnel/interface-plan.ts';
import { selectAssociations } from '#core/tunnel/selected-associations.ts';
import { testAssociation } from '#test/support/associations.ts';

const local = parseIpAddress('192.0.2.1');
const peer = parseIpAddress('192.0.2.2');

type Setting = { link0?: boolean; link2?: boolean; localPort?: number; peerPort?: number };

function bench({ link0 = false, link2 = true, localPort = 0, peerPort = 0 }: Setting, specs: AssociationSpec[]) {
  const sad = new Sad({ limit: 100 });
  for (const spec of specs) sad.add(spec, 0, 1);
  const ipsecif = new Ipsecif(new Spd());
  ipsecif.create('ipsec0');
  ipsecif.setFlags('ipsec0', { link0, link2 });
  const record = ipsecif.setTunnel('ipsec0', { local, peer, localPort, peerPort });
  return { plan: planInterface(record, sad), selected: selectAssociations(record, sad) };
}

const out = (spi: number, changes: Partial<AssociationSpec> = {}): AssociationSpec => testAssociation(spi, changes);
const into = (spi: number, changes: Partial<AssociationSpec> = {}): AssociationSpec =>
  testAssociation(spi, { source: peer, destination: local, ...changes });
const udp = (source: number, destination: number): Partial<AssociationSpec> => ({
  protocol: 'esp-udp',
  ports: { source, destination },
});

test('each inner family sends on the association with its own reqid', () => {
  const { plan, selected } = bench({}, [
    out(300, { reqid: 16386 }),
    out(301, { reqid: 16388 }),
    into(302, { reqid: 16385 }),
  ]);
  assert.deepEqual([plan.ipv4?.association?.spi, plan.ipv6?.association?.spi], [300, 301]);
  assert.deepEqual(
    selected.outbound.map(({ spi }) => spi),
    [300, 301],
  );
  assert.deepEqual(
    selected.inbound.map(({ spi }) => spi),
    [302],
  );
  assert.equal(selected.hasKeys, true);
});

test('keys of different inner families do not make a tunnel', () => {
  const { selected } = bench({}, [out(300, { reqid: 16386 }), into(302, { reqid: 16387 })]);
  assert.equal(selected.hasKeys, false);
});

test('without link2 nothing is sent for IPv6', () => {
  const { plan } = bench({ link2: false }, [out(300, { reqid: 16388 })]);
  assert.equal(plan.ipv6?.association, null);
  assert.equal(plan.ipv6?.outbound.action, 'discard');
});

test('with ports only associations with exactly these ports are meant, mirrored on the way in', () => {
  const specs = [
    out(300),
    out(301, udp(4500, 4501)),
    out(302, udp(4500, 4502)),
    into(400, udp(4501, 4500)),
    into(401, udp(4502, 4500)),
  ];
  const { plan, selected } = bench({ link0: true, localPort: 4500, peerPort: 4501 }, specs);
  assert.equal(plan.ipv4?.association?.spi, 301);
  assert.deepEqual(
    selected.outbound.map(({ spi }) => spi),
    [301],
  );
  assert.deepEqual(
    selected.inbound.map(({ spi }) => spi),
    [400],
  );
});

test('needs a raw socket always, and UDP for link0 or for associations of the pair that say so', () => {
  const cases: [Setting, AssociationSpec[], string[]][] = [
    [{}, [], []],
    [{ link0: true }, [], ['udp 192.0.2.1 4500']],
    [{ link0: true, localPort: 4600 }, [out(300, udp(4700, 4500))], ['udp 192.0.2.1 4600']],
    [{ link0: true, peerPort: 4501 }, [], ['udp 192.0.2.1 4500']],
    [{}, [out(300, udp(4700, 4500))], ['udp 192.0.2.1 4700']],
    [{}, [into(300, udp(4500, 4800))], ['udp 192.0.2.1 4800']],
    [{}, [out(300, { destination: parseIpAddress('192.0.2.3'), ...udp(4700, 4500) })], []],
  ];
  for (const [setting, specs, expected] of cases) {
    const keys = [...bench(setting, specs).plan.sockets.keys()];
    assert.deepEqual(keys, ['esp 192.0.2.1 0', ...expected], JSON.stringify(setting));
  }
});
