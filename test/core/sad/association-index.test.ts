import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseIpAddress } from '#core/ip/address.ts';
import { AssociationIndex, type OutboundQuery } from '#core/sad/association-index.ts';
import { Sad } from '#core/sad/sad.ts';
import type { AssociationState, SecurityAssociation } from '#core/sad/security-association.ts';
import { testAssociation } from '#test/support/associations.ts';

const hosts = ['192.0.2.1', '192.0.2.2', '192.0.2.3'].map(parseIpAddress);
const portPairs = [null, { source: 4500, destination: 4500 }, { source: 4500, destination: 4501 }];

/** The best by looking at every one. */
function findNaively(all: readonly SecurityAssociation[], query: OutboundQuery): SecurityAssociation | null {
  const rank: Readonly<Record<AssociationState, number>> = { mature: 2, dying: 1, larval: 0, dead: 0 };
  const fitting = all.filter(
    (sa) =>
      rank[sa.state] > 0 &&
      sa.source === query.source &&
      sa.destination === query.destination &&
      (query.reqid === 0 || sa.reqid === query.reqid) &&
      hasPorts(sa, query.ports),
  );
  fitting.sort((left, right) => rank[right.state] - rank[left.state] || right.id - left.id);
  return fitting[0] ?? null;
}

function hasPorts({ ports }: SecurityAssociation, wanted: OutboundQuery['ports']): boolean {
  if (wanted === null || wanted.source + wanted.destination === 0) return true;
  const isAny = [wanted.source, wanted.destination].map((port) => port === 0);
  return (
    (ports !== null &&
      (isAny[0] || ports.source === wanted.source) &&
      (isAny[1] || ports.destination === wanted.destination)) === true
  );
}

test('the last change of a pair moves with that pair only, in its direction', () => {
  const index = new AssociationIndex();
  const [one, other] = hosts;
  assert.ok(one !== undefined && other !== undefined);
  const association = new Sad({ limit: 1 }).add(testAssociation(256, { source: one, destination: other }), 0, 1);
  const seen = [index.lastChange(one, other)];
  index.insert(association);
  seen.push(index.lastChange(one, other));
  index.remove(association);
  seen.push(index.lastChange(one, other));
  index.insert(association);
  seen.push(index.lastChange(one, other));
  assert.deepEqual(seen, [0, 1, 0, 3]);
  assert.equal(index.lastChange(other, one), 0);
});

test('finds what looking at every association finds (property)', () => {
  const shape = fc.record({
    source: fc.constantFrom(...hosts),
    destination: fc.constantFrom(...hosts),
    reqid: fc.integer({ min: 0, max: 2 }),
    ports: fc.constantFrom(...portPairs),
    state: fc.constantFrom<AssociationState>('larval', 'mature', 'dying', 'dead'),
    isRemoved: fc.boolean(),
  });
  const query = fc.record({
    source: fc.constantFrom(...hosts),
    destination: fc.constantFrom(...hosts),
    reqid: fc.integer({ min: 0, max: 2 }),
    ports: fc.constantFrom(...portPairs, { source: 4500, destination: 0 }),
  });
  fc.assert(
    fc.property(fc.array(shape, { maxLength: 30 }), fc.array(query, { maxLength: 10 }), (shapes, queries) => {
      const index = new AssociationIndex();
      const kept: SecurityAssociation[] = [];
      for (const [at, { isRemoved, ports, ...changes }] of shapes.entries()) {
        const protocol = ports === null ? 'esp' : 'esp-udp';
        const spec = testAssociation(256 + at, { ...changes, ports, protocol });
        const association = { ...spec, id: at + 1, slot: at, state: changes.state, createdMs: 0, pid: 0 };
        index.insert(association);
        if (isRemoved) index.remove(association);
        else kept.push(association);
      }
      for (const each of queries) assert.equal(index.findOutbound(each), findNaively(kept, each));
      assert.deepEqual([...index.all()], kept);
      assert.deepEqual(new Set(index.list()), new Set(kept));
      for (const sa of kept) {
        assert.equal(index.findBySpi(sa.destination, sa.spi), sa);
        assert.ok([...index.between(sa.source, sa.destination)].includes(sa));
        assert.ok(index.hasSpi(sa.spi));
        assert.equal(index.find(sa.id), sa);
      }
      assert.equal(index.size, kept.length);
    }),
    { numRuns: 200 },
  );
});

test('an SPI stays in use while any destination has it', () => {
  const index = new AssociationIndex();
  const make = (id: number, destination: number): SecurityAssociation => {
    const spec = testAssociation(256, { destination: hosts[destination] ?? parseIpAddress('192.0.2.9') });
    return { ...spec, id, slot: id, state: 'mature', createdMs: 0, pid: 0 };
  };
  const [first, second] = [make(1, 1), make(2, 2)];
  index.insert(first);
  index.insert(second);
  index.remove(first);
  assert.equal(index.hasSpi(256), true);
  index.remove(second);
  assert.equal(index.hasSpi(256), false);
});

test('refuses to insert twice and to remove a record that was replaced', () => {
  const index = new AssociationIndex();
  const association: SecurityAssociation = {
    ...testAssociation(256),
    id: 1,
    slot: 0,
    state: 'mature',
    createdMs: 0,
    pid: 0,
  };
  index.insert(association);
  assert.throws(() => index.insert({ ...association, id: 2 }), /once/);
  assert.throws(() => index.remove({ ...association, state: 'dying' }), /current/);
});
