import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OutboundState, StateTable } from '#core/datapath/association-state.ts';
import { compileOutbound } from '#core/datapath/outbound-table.ts';
import { AddressEntry } from '#core/datapath/ports.ts';
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
