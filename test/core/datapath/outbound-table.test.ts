import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { OutboundState, StateTable } from '#core/datapath/association-state.ts';
import { compileOutbound } from '#core/datapath/outbound-table.ts';
import { AddressEntry } from '#core/datapath/ports.ts';
import type { SnapshotInterface } from '#core/datapath/snapshot.ts';
import { toHex } from '#core/base/bytes.ts';
import { present } from '#test/fixtures/read-fixture.ts';
import { ip, makeAssociation, makeInterface, makeSnapshot, outer6 } from '#test/support/test-datapath.ts';

const states = (): StateTable<OutboundState> => new StateTable((association) => new OutboundState(association));

test('policies lead to their associations, and to none where the id is unknown', () => {
  const policy = { action: 'protect', outboundSpid: 2, outboundAssociation: 5, inboundReqid: 0 } as const;
  const interfaces = [makeInterface({ ipv4: policy, ipv6: { ...policy, outboundAssociation: 6 } })];
  const table = compileOutbound(makeSnapshot({ interfaces, outbound: [makeAssociation({ id: 5 })] }), states());
  const entry = present(table.interfaces.get(1));
  assert.equal(present(entry.ipv4).association?.sa.id, 5);
  assert.equal(present(entry.ipv6).association, null);
});

test('the address table has the destination, the port and the family of each association', () => {
  const udp = { sourcePort: 4500, destinationPort: 40001 };
  const outbound = [
    makeAssociation({ id: 1, destination: ip('198.51.100.7'), udp }),
    makeAssociation({ id: 2, family: 6, destination: outer6.peer }),
  ];
  const { addresses } = compileOutbound(makeSnapshot({ outbound }), states());
  const entry = (index: number): string =>
    toHex(addresses.subarray(index * AddressEntry.stride, (index + 1) * AddressEntry.stride));
  assert.equal(entry(0), 'c6336407000000000000000000000000' + '9c41' + '04' + '00');
  assert.equal(entry(1), '20010db8000000010000000000000001' + '0000' + '06' + '00');
});

test('associations with one SPI are chained', () => {
  const outbound = [1, 2, 3].map((id) => makeAssociation({ id, spi: 77 }));
  const { bySpi } = compileOutbound(makeSnapshot({ outbound }), states());
  const ids: number[] = [];
  for (let at = bySpi.get(77) ?? null; at !== null; at = at.nextWithSpi) ids.push(at.sa.id);
  assert.deepEqual(ids.sort(), [1, 2, 3]);
});

test('a table that goes on from the one before is equal to a new one, and keeps what did not change (property)', () => {
  const policy = { action: 'protect', outboundSpid: 2, outboundAssociation: 5, inboundReqid: 0 } as const;
  const step = fc.record({ mtus: fc.array(fc.integer({ min: 1280, max: 1282 }), { maxLength: 4 }), spi: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 6 }), (steps) => {
      const [kept, rows] = [states(), new Map<string, SnapshotInterface>()];
      const associations = [300, 301].map((spi) => makeAssociation({ id: 5, spi }));
      let table = compileOutbound(makeSnapshot({}), kept);
      for (const { mtus, spi } of steps) {
        const interfaces = mtus.map((mtu, index) => {
          const key = `${index} ${mtu}`;
          const row = rows.get(key) ?? makeInterface({ slot: index + 1, tun: index + 1, mtu, ipv4: policy });
          rows.set(key, row);
          return row;
        });
        const snapshot = makeSnapshot({
          interfaces,
          outbound: associations.filter((each) => spi === (each.spi === 300)),
        });
        const before = table;
        table = compileOutbound(snapshot, kept, before);
        const fresh = compileOutbound(snapshot, kept);
        assert.deepEqual(table, fresh);
        for (const [tun, entry] of before.interfaces) {
          const isSame = entry.row === table.interfaces.get(tun)?.row && before.source[0] === table.source[0];
          assert.equal(table.interfaces.get(tun) === entry, isSame);
        }
      }
    }),
  );
});
