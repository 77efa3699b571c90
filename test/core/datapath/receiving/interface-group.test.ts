/**
 * The index over the interfaces of one pair against a search through the list.
 * @module
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { InterfaceGroup, type InboundInterface } from '#core/datapath/receiving/interface-group.ts';
import { makeInterface, outer4 } from '#test/support/test-datapath.ts';

/** Few ports, so that they meet; 0 is any. */
const ports = fc.constantFrom(0, 4500, 4501, 40_000, 65_535);
const members = fc.array(fc.record({ localPort: ports, peerPort: ports }), { maxLength: 12 });

function entry(slot: number, localPort: number, peerPort: number): InboundInterface {
  const outer = { ...outer4, localPort, peerPort };
  return { row: makeInterface({ slot, outer }), outer };
}

const portCount = ({ outer }: InboundInterface): number => Number(outer.localPort !== 0) + Number(outer.peerPort !== 0);

/** What if_ipsec.c does: through the list, those with most ports first, the first that fits. */
function search(list: readonly InboundInterface[], peerPort: number, localPort: number): InboundInterface | null {
  for (const count of [2, 1, 0]) {
    for (const candidate of list) {
      const { outer } = candidate;
      if (portCount(candidate) !== count) continue;
      if (outer.localPort !== 0 && outer.localPort !== localPort) continue;
      if (outer.peerPort !== 0 && outer.peerPort !== peerPort) continue;
      return candidate;
    }
  }
  return null;
}

test('finds what a search through the list finds, whatever the members were before (property)', () => {
  fc.assert(
    fc.property(fc.array(members, { minLength: 1, maxLength: 4 }), ports, ports, (lists, peerPort, localPort) => {
      const group = new InterfaceGroup(4, outer4.local, outer4.peer);
      for (const rows of lists) {
        const list = rows.map((row, index) => entry(index + 1, row.localPort, row.peerPort));
        group.replace(list);
        assert.equal(group.find(peerPort, localPort), search(list, peerPort, localPort));
      }
    }),
  );
});

test('of two that ask for one port each the newer takes what fits both', () => {
  const [byLocal, byPeer] = [entry(1, 4500, 0), entry(2, 0, 4501)];
  const group = new InterfaceGroup(4, outer4.local, outer4.peer);
  group.replace([byLocal, byPeer]);
  assert.equal(group.find(4501, 4500), byLocal);
  group.replace([byPeer, byLocal]);
  assert.equal(group.find(4501, 4500), byPeer);
  assert.equal(group.slot, 2);
});

test('a thousand members cost a packet what two do', () => {
  const groups = [2, 1000].map((count) => {
    const group = new InterfaceGroup(4, outer4.local, outer4.peer);
    group.replace(Array.from({ length: count }, (_, index) => entry(index + 1, 4500, 10_000 + index)));
    return group;
  });
  const time = (group: InterfaceGroup): number => {
    const started = performance.now();
    for (let round = 0; round < 200_000; round++) assert.ok(group.find(10_000, 4500) !== null);
    return performance.now() - started;
  };
  const best = (group: InterfaceGroup): number => Math.min(...Array.from({ length: 5 }, () => time(group)));
  const [few, many] = groups.map(best);
  assert.ok(few !== undefined && many !== undefined && many < few * 5, `${many} ms after ${few} ms`);
});
