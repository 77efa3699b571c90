import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InboundState, StateTable } from '#core/datapath/association-state.ts';
import { compileInbound } from '#core/datapath/inbound-table.ts';
import { AssociationLookup } from '#core/datapath/receiving/association-lookup.ts';
import { ip, makeAssociation, makeSnapshot, outer4 } from '#test/support/test-datapath.ts';

const other = ip('192.0.2.77');

/** Two associations with one SPI and different destinations, and one with another. */
function makeLookup() {
  const made = { source: outer4.peer, destination: outer4.local };
  const inbound = [
    makeAssociation({ ...made, id: 1, spi: 0xf0000001 }),
    makeAssociation({ ...made, id: 2, spi: 0xf0000001, destination: other }),
    makeAssociation({ ...made, id: 3, spi: 0xf0000003 }),
  ];
  const table = compileInbound(makeSnapshot({ inbound }), new StateTable((sa) => new InboundState(sa)));
  const lookup = new AssociationLookup();
  lookup.begin(table);
  const find = (spi: number, destination: Uint8Array): number | null =>
    lookup.find(4, { spi }, destination, 0)?.sa.id ?? null;
  return { lookup, find };
}

test('SPI and destination name the association, whatever the packet before was', () => {
  const { find } = makeLookup();
  const localAddress = outer4.local;
  const asked = [find(0xf0000001, localAddress), find(0xf0000001, other), find(0xf0000001, localAddress)];
  assert.deepEqual(asked, [1, 2, 1]);
  assert.deepEqual(
    [find(0xf0000003, localAddress), find(9, localAddress), find(0xf0000003, localAddress)],
    [3, null, 3],
  );
  assert.equal(find(0xf0000003, other), null);
});

test('what one batch found is forgotten in the next', () => {
  const { lookup, find } = makeLookup();
  assert.equal(find(0xf0000001, outer4.local), 1);
  const empty = compileInbound(makeSnapshot({}), new StateTable((sa) => new InboundState(sa)));
  lookup.begin(empty);
  assert.equal(find(0xf0000001, outer4.local), null);
});
