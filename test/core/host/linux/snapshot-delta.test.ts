import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Snapshot, SnapshotInterface, SnapshotSocket } from '#core/datapath/snapshot.ts';
import { DeltaReader, DeltaWriter } from '#core/host/linux/snapshot-delta.ts';
import { makeInterface } from '#test/support/test-datapath.ts';

function snapshot(interfaces: readonly SnapshotInterface[], sockets: readonly SnapshotSocket[] = []): Snapshot {
  return { version: 1, interfaces, sockets, outbound: [], inbound: [] };
}

test('a reader gets exactly what was written, through structured clones (property)', () => {
  const step = fc.array(fc.record({ slot: fc.integer({ min: 1, max: 6 }), mtu: fc.integer({ min: 1280, max: 1283 }) }));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 8 }), (steps) => {
      const [writer, reader] = [new DeltaWriter(), new DeltaReader()];
      const rows = new Map<string, SnapshotInterface>();
      for (const [index, list] of steps.entries()) {
        const unique = [...new Map(list.map((each) => [each.slot, each])).values()];
        const interfaces = unique.map(({ slot, mtu }) => {
          const key = `${slot} ${mtu}`;
          const row = rows.get(key) ?? makeInterface({ slot, mtu });
          rows.set(key, row);
          return row;
        });
        const written = { ...snapshot(interfaces), version: index };
        assert.deepEqual(reader.read(structuredClone(writer.write(written))), written);
      }
    }),
  );
});

test('only what changed is sent, and what stays keeps its identity for the reader', () => {
  const [writer, reader] = [new DeltaWriter(), new DeltaReader()];
  const [one, two] = [makeInterface({ slot: 1 }), makeInterface({ slot: 2 })];
  const first = reader.read(structuredClone(writer.write(snapshot([one, two]))));
  const changed = makeInterface({ slot: 2, mtu: 1400 });
  const delta = writer.write(snapshot([one, changed]));
  assert.deepEqual(delta.interfaces?.changed, [changed]);
  const second = reader.read(structuredClone(delta));
  assert.equal(second.interfaces[0], first.interfaces[0]);
  assert.equal(second.interfaces[1]?.mtu, 1400);
});

test('a list that is as before is not sent, and is the same list for the reader', () => {
  const [writer, reader] = [new DeltaWriter(), new DeltaReader()];
  const row = makeInterface({ slot: 1 });
  const first = reader.read(structuredClone(writer.write(snapshot([row]))));
  const delta = writer.write(snapshot([row]));
  assert.deepEqual([delta.interfaces, delta.inbound, delta.outbound, delta.sockets], [null, null, null, null]);
  assert.equal(reader.read(structuredClone(delta)).interfaces, first.interfaces);
});

test('a number that is used again for another row is sent again', () => {
  const [writer, reader] = [new DeltaWriter(), new DeltaReader()];
  const row = makeInterface({ slot: 1 });
  reader.read(writer.write(snapshot([row])));
  reader.read(writer.write(snapshot([])));
  assert.deepEqual(writer.write(snapshot([row])).interfaces?.changed, [row]);
});
