import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InboundState, StateTable } from '#core/datapath/association-state.ts';
import { compileInbound } from '#core/datapath/inbound-table.ts';
import { present } from '#test/fixtures/read-fixture.ts';
import {
  ip,
  makeAssociation,
  makeInterface,
  makeSnapshot,
  outer4,
  outer6,
  tokens,
} from '#test/support/test-datapath.ts';

const states = (): StateTable<InboundState> => new StateTable((association) => new InboundState(association));

test('an association leads to the interfaces with its pair of addresses, those with ports first', () => {
  const interfaces = [
    makeInterface({ slot: 1 }),
    makeInterface({ slot: 2, outer: { ...outer4, localPort: 4500, peerPort: 40001 } }),
    makeInterface({ slot: 3, outer: outer6 }),
    makeInterface({ slot: 4, outer: { ...outer4, localPort: 4500 } }),
    makeInterface({ slot: 5, outer: null }),
  ];
  const { bySpi } = compileInbound(makeSnapshot({ interfaces, inbound: [makeAssociation({ spi: 300 })] }), states());
  const association = present(bySpi.get(300));
  assert.deepEqual(
    association.interfaces.map(({ row }) => row.slot),
    [2, 4, 1],
  );
  assert.equal(association.slot, 2);
});

test('an association of no tunnel leads nowhere', () => {
  const inbound = [makeAssociation({ source: ip('198.51.100.9') })];
  const association = present(compileInbound(makeSnapshot({ inbound }), states()).bySpi.get(0x1000));
  assert.deepEqual([association.interfaces.length, association.slot], [0, 0]);
});

test('sockets are found by token', () => {
  const { sockets } = compileInbound(makeSnapshot({}), states());
  assert.equal(sockets.get(tokens.udp4)?.localPort, 4500);
  assert.equal(sockets.get(99), undefined);
});
