import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { PairTable } from '#core/datapath/receiving/pair-table.ts';
import type { SnapshotInterface } from '#core/datapath/snapshot.ts';
import { ip, makeInterface, outer4, outer6 } from '#test/support/test-datapath.ts';

const outers = [null, outer4, outer6, { ...outer4, peerPort: 4501 }, { ...outer4, peer: ip('192.0.2.9') }] as const;

/** Slots of the members of every pair there is. */
function view(table: PairTable): readonly (readonly number[])[] {
  const pairs = outers.filter((outer) => outer !== null);
  return pairs.map(({ family, local, peer }) => table.groupOf(family, local, peer).members.map(({ row }) => row.slot));
}

test('a table that has seen other lists gives what a new one gives (property)', () => {
  const step = fc.array(fc.record({ slot: fc.integer({ min: 1, max: 6 }), outer: fc.integer({ min: 0, max: 4 }) }));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 8 }), (steps) => {
      const table = new PairTable();
      const rows = new Map<string, SnapshotInterface>();
      for (const list of steps) {
        const unique = [...new Map(list.map((each) => [each.slot, each])).values()];
        const interfaces = unique.map(({ slot, outer }) => {
          const key = `${slot} ${outer}`;
          const row = rows.get(key) ?? makeInterface({ slot, outer: outers[outer] ?? null });
          rows.set(key, row);
          return row;
        });
        table.update(interfaces);
        if (interfaces.length % 2 === 0) table.retain(new Set());
        const fresh = new PairTable();
        fresh.update(interfaces);
        assert.deepEqual(view(table), view(fresh));
      }
    }),
  );
});

test('a group is the same object for as long as it has members or is held', () => {
  const table = new PairTable();
  const group = () => table.groupOf(4, outer4.local, outer4.peer);
  const first = group();
  table.update([makeInterface({ slot: 1 })]);
  table.retain(new Set());
  assert.equal(group(), first);
  table.update([]);
  table.retain(new Set([first]));
  assert.equal(group(), first);
  table.retain(new Set());
  assert.notEqual(group(), first);
});
