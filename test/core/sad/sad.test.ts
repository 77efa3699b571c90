import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Random } from '#core/base/port.ts';
import { parseIpAddress } from '#core/ip/address.ts';
import { Sad } from '#core/sad/sad.ts';
import type { AssociationUsage, SecurityAssociation } from '#core/sad/security-association.ts';
import { gcmSuite, testAssociation, testKey, testLifetime, testUsage } from '#test/support/associations.ts';
import { thrownCode } from '#test/support/thrown-code.ts';

const address = parseIpAddress;
const spis = (associations: readonly SecurityAssociation[]): number[] => associations.map(({ spi }) => spi);
const makeSad = (limit = 1000): Sad => new Sad({ limit });
const larval = { protocol: 'esp', mode: 'any', reqid: 0, range: { min: 0x100, max: 0xffffffff } } as const;
const asked = { ...larval, source: address('192.0.2.1'), destination: address('192.0.2.2') };
const counting: Random = { fill: (out) => void out.fill(0x11) };

test('refuses a destination and SPI that are taken, whatever the source, mode or reqid (key.c; RFC 4301 §4.1)', () => {
  const sad = makeSad();
  sad.add(testAssociation(256), 0, 1);
  const cases: [object, string | null][] = [
    [{}, 'SA_EXISTS'],
    [{ mode: 'transport', reqid: 5 }, 'SA_EXISTS'],
    [{ source: address('198.51.100.9') }, 'SA_EXISTS'],
    [{ protocol: 'esp-udp', ports: { source: 4500, destination: 4500 } }, 'SA_EXISTS'],
    [{ destination: address('192.0.2.3') }, null],
  ];
  for (const [changes, code] of cases)
    assert.equal(
      thrownCode(() => sad.add(testAssociation(256, changes), 0, 1)),
      code,
    );
});

test('keeps a copy of the keys, and wipes it when the slot is released', () => {
  const sad = makeSad();
  const encryptionKey = testKey(16);
  const added = sad.add(testAssociation(256, { encryptionKey }), 0, 1);
  encryptionKey.wipe();
  assert.equal(added.encryptionKey.reveal()[0], 7);
  sad.flush();
  for (const removed of sad.drainRemoved()) sad.releaseSlot(removed);
  assert.equal(added.encryptionKey.reveal()[0], 0);
});

test('wipes the keys of an association that is taken back, and of no other', () => {
  const sad = makeSad();
  const kept = sad.add(testAssociation(256), 0, 1);
  const mark = sad.mark();
  sad.flush();
  const added = sad.add(testAssociation(256), 0, 1);
  const changed = sad.update(testAssociation(256, { encryptionKey: testKey(32) }), 0, 1);
  sad.rollback(mark);
  assert.deepEqual(sad.list(), [kept]);
  const firstBytes = [kept, added, changed].map(({ encryptionKey }) => encryptionKey.reveal()[0]);
  assert.deepEqual(firstBytes, [7, 0, 0]);
});

test('gives a slot to another association only after it was released', () => {
  const sad = makeSad(1);
  const first = sad.add(testAssociation(256), 0, 1);
  assert.equal(
    thrownCode(() => sad.add(testAssociation(257), 0, 1)),
    'SA_LIMIT',
  );
  sad.delete(first);
  assert.equal(
    thrownCode(() => sad.add(testAssociation(257), 0, 1)),
    'SA_LIMIT',
  );
  const [drained] = sad.drainRemoved();
  assert.equal(drained?.id, first.id);
  sad.releaseSlot(first);
  const second = sad.add(testAssociation(257), 0, 1);
  assert.equal(second.slot, first.slot);
  assert.notEqual(second.id, first.id);
});

test('names an association by source, destination and SPI, and knows no other', () => {
  const sad = makeSad();
  const added = sad.add(testAssociation(256), 0, 1);
  assert.equal(sad.get(testAssociation(256)), added);
  for (const changes of [{ source: address('192.0.2.9') }, { destination: address('192.0.2.9') }]) {
    assert.equal(
      thrownCode(() => sad.get(testAssociation(256, changes))),
      'SA_NOT_FOUND',
    );
    assert.equal(
      thrownCode(() => sad.delete(testAssociation(256, changes))),
      'SA_NOT_FOUND',
    );
  }
  sad.delete(testAssociation(256));
  assert.equal(
    thrownCode(() => sad.get(testAssociation(256))),
    'SA_NOT_FOUND',
  );
});

test('deleteall removes every association of a pair and is content with none', () => {
  const sad = makeSad();
  for (const spi of [256, 257]) sad.add(testAssociation(spi, { reqid: spi }), 0, 1);
  sad.add(testAssociation(258, { destination: address('192.0.2.3') }), 0, 1);
  assert.equal(sad.deleteAll(testAssociation(256)), 2);
  assert.equal(sad.deleteAll(testAssociation(256)), 0);
  assert.deepEqual(spis(sad.list()), [258]);
});

test('lists heads of equal addresses, mode and reqid together, newest first', () => {
  const sad = makeSad();
  const order: [number, number][] = [
    [256, 1],
    [257, 2],
    [258, 1],
    [259, 2],
    [260, 3],
  ];
  for (const [spi, reqid] of order) sad.add(testAssociation(spi, { reqid }), 0, 1);
  assert.deepEqual(spis(sad.list()), [260, 259, 257, 258, 256]);
});

test('an update with the same suite and keys stays the same association under other limits', () => {
  const sad = makeSad();
  const added = sad.add(testAssociation(256), 0, 1);
  const updated = sad.update(testAssociation(256, { reqid: 9, mode: 'tunnel' }), 5000, 2);
  assert.deepEqual([updated.id, updated.slot], [added.id, added.slot]);
  assert.deepEqual([updated.reqid, updated.mode, updated.createdMs, updated.pid], [9, 'tunnel', 5000, 2]);
  assert.deepEqual(sad.drainRemoved(), []);
  assert.equal(sad.size, 1);
});

test('an update with other keys is a new association: its sequence numbers start again', () => {
  const sad = makeSad();
  const added = sad.add(testAssociation(256), 0, 1);
  const updated = sad.update(testAssociation(256, { encryptionKey: testKey(16, 8) }), 0, 1);
  assert.notEqual(updated.id, added.id);
  assert.notEqual(updated.slot, added.slot);
  assert.deepEqual(sad.drainRemoved(), [added]);
  assert.equal(
    thrownCode(() => sad.update(testAssociation(999), 0, 1)),
    'SA_NOT_FOUND',
  );
});

test('prefers mature to dying and then the newest to send on (key.c with prefer-old 0)', () => {
  const sad = makeSad();
  const lifetimes = { soft: testLifetime({ bytes: 10 }), hard: testLifetime({ bytes: 1000 }) };
  sad.add(testAssociation(256), 0, 1);
  sad.add(testAssociation(257), 0, 1);
  const newest = sad.add(testAssociation(258, { lifetimes }), 0, 1);
  const query = { ...testAssociation(1000), ports: null };
  assert.equal(sad.findOutbound(query)?.spi, 258);
  sad.tick(0, (slot) => testUsage({ packets: 1, bytes: slot === newest.slot ? 11 : 0 }));
  assert.equal(sad.findOutbound(query)?.spi, 257);
  sad.delete(testAssociation(257));
  sad.delete(testAssociation(256));
  assert.equal(sad.findOutbound(query)?.spi, 258);
});

test('a query fits mode transport, tunnel and any, its reqid unless 0, and its ports exactly', () => {
  const sad = makeSad();
  const udp = (source: number, destination: number) =>
    ({ protocol: 'esp-udp', ports: { source, destination } }) as const;
  for (const [index, mode] of (['transport', 'tunnel', 'any'] as const).entries()) {
    sad.add(testAssociation(256 + index, { mode, reqid: 100 + index }), 0, 1);
  }
  sad.add(testAssociation(300, udp(4500, 4501)), 0, 1);
  sad.add(testAssociation(301, udp(4500, 4502)), 0, 1);
  sad.add(testAssociation(302), 0, 1);
  const find = (reqid: number, ports: { source: number; destination: number } | null): number | null =>
    sad.findOutbound({ ...testAssociation(1000), reqid, ports })?.spi ?? null;
  const cases: [number, [number, number] | null, number | null][] = [
    [100, null, 256],
    [101, null, 257],
    [102, null, 258],
    [103, null, null],
    [0, null, 302],
    [0, [0, 0], 302],
    [0, [4500, 4501], 300],
    [0, [4500, 4502], 301],
    [0, [4500, 0], 301],
    [0, [0, 4501], 300],
    [0, [4500, 4503], null],
    [100, [4500, 4501], null],
  ];
  for (const [reqid, ports, spi] of cases) {
    const wanted = ports === null ? null : { source: ports[0], destination: ports[1] };
    assert.equal(find(reqid, wanted), spi, JSON.stringify([reqid, ports]));
  }
});

test('draws SPIs that no association has, larval ones included', () => {
  const spi = 0x11111111 + 0x100;
  for (const take of [
    (sad: Sad) => sad.add(testAssociation(spi), 0, 1),
    (sad: Sad) => sad.getSpi(asked, counting, 0, 1),
  ]) {
    const sad = makeSad();
    assert.equal(take(sad).spi, spi);
    assert.equal(
      thrownCode(() => sad.getSpi(asked, counting, 0, 1)),
      'SPI_EXHAUSTED',
    );
  }
});

test('a larval association becomes mature by its owner only, by update or add, and leaves the SPI to nobody else', () => {
  const cases: [string, (sad: Sad, spi: number) => unknown, string | null][] = [
    ['update by the owner', (sad, spi) => sad.update(testAssociation(spi), 9, 1), null],
    ['add by the owner', (sad, spi) => sad.add(testAssociation(spi), 9, 1), null],
    ['update by another (key.c: EINVAL)', (sad, spi) => sad.update(testAssociation(spi), 9, 2), 'SA_LARVAL_OWNER'],
    ['add by another (EEXIST)', (sad, spi) => sad.add(testAssociation(spi), 9, 2), 'SA_EXISTS'],
    [
      'add from another source',
      (sad, spi) => sad.add(testAssociation(spi, { source: address('192.0.2.9') }), 9, 1),
      'SA_EXISTS',
    ],
  ];
  for (const [name, mature, code] of cases) {
    const sad = makeSad();
    const { spi, destination } = sad.getSpi(asked, counting, 0, 1);
    assert.equal(destination, '192.0.2.2');
    assert.equal(
      thrownCode(() => mature(sad, spi)),
      code,
      name,
    );
    assert.deepEqual([sad.size, [...sad.larvals()].length], code === null ? [1, 0] : [0, 1], name);
    if (code === null) assert.deepEqual([sad.list()[0]?.state, sad.list()[0]?.createdMs], ['mature', 9]);
  }
});

test('a larval association lives 30 seconds, goes with delete and flush, and stays with deleteall (key.c)', () => {
  const key = { ...testAssociation(0x11111111 + 0x100) };
  const cases: [(sad: Sad) => unknown, number][] = [
    [(sad) => sad.tick(30_999, () => testUsage()), 1],
    [(sad) => sad.tick(31_000, () => testUsage()), 0],
    [(sad) => sad.delete(key), 0],
    [(sad) => sad.flush(), 0],
    [(sad) => sad.deleteAll(key), 1],
  ];
  for (const [run, left] of cases) {
    const sad = makeSad();
    sad.getSpi(asked, counting, 0, 1);
    const { version } = sad;
    const mark = sad.mark();
    run(sad);
    assert.equal([...sad.larvals()].length, left);
    assert.equal(sad.version, version);
    sad.rollback(mark);
    assert.equal([...sad.larvals()].length, 1);
  }
});

test('larval associations count for the limit', () => {
  const sad = makeSad(2);
  const drawing = [1, 2, 3].values();
  const random: Random = { fill: (out) => void out.fill(drawing.next().value ?? 0) };
  sad.getSpi(asked, random, 0, 1);
  sad.getSpi(asked, random, 0, 1);
  assert.equal(
    thrownCode(() => sad.getSpi(asked, random, 0, 1)),
    'SA_LIMIT',
  );
});

test('lifetimes: soft makes dying once, hard ends, also without soft first; unused ends at the soft time (key.c)', () => {
  type Step = { now: number; usage: Partial<AssociationUsage>; events: [string, string][]; state: string | null };
  const cases: [string, object, object, Step[]][] = [
    [
      'used, then soft and hard time',
      { addSeconds: 10 },
      { addSeconds: 20 },
      [
        { now: 10_000, usage: { packets: 1, bytes: 1, firstUsedMs: 1 }, events: [], state: 'mature' },
        {
          now: 11_000,
          usage: { packets: 1, bytes: 1, firstUsedMs: 1 },
          events: [['soft', 'addSeconds']],
          state: 'dying',
        },
        { now: 12_000, usage: { packets: 1, bytes: 1, firstUsedMs: 1 }, events: [], state: 'dying' },
        { now: 21_000, usage: { packets: 1, bytes: 1, firstUsedMs: 1 }, events: [['hard', 'addSeconds']], state: null },
      ],
    ],
    [
      'never used',
      { addSeconds: 10 },
      { addSeconds: 20 },
      [{ now: 11_000, usage: {}, events: [['unused', 'addSeconds']], state: null }],
    ],
    [
      'hard in one step',
      { bytes: 10 },
      { bytes: 20 },
      [{ now: 0, usage: { packets: 1, bytes: 21 }, events: [['hard', 'bytes']], state: null }],
    ],
    [
      'hard of another kind than soft',
      { bytes: 1000 },
      { packets: 2 },
      [{ now: 0, usage: { packets: 3, bytes: 30 }, events: [['hard', 'packets']], state: null }],
    ],
    [
      'bytes',
      { bytes: 10 },
      { bytes: 20 },
      [
        { now: 0, usage: { packets: 1, bytes: 10 }, events: [], state: 'mature' },
        { now: 0, usage: { packets: 1, bytes: 11 }, events: [['soft', 'bytes']], state: 'dying' },
        { now: 0, usage: { packets: 1, bytes: 20 }, events: [], state: 'dying' },
      ],
    ],
  ];
  for (const [name, soft, hard, steps] of cases) {
    const sad = makeSad();
    sad.add(testAssociation(256, { lifetimes: { soft: testLifetime(soft), hard: testLifetime(hard) } }), 0, 1);
    for (const { now, usage, events, state } of steps) {
      const happened = sad.tick(now, () => testUsage(usage));
      assert.deepEqual(
        happened.map(({ kind, limit }) => [kind, limit]),
        events,
        name,
      );
      assert.equal(sad.list()[0]?.state ?? null, state, name);
    }
  }
});

test('until the time that it says, time alone brings nothing; at that time it does (property)', () => {
  const seconds = fc.integer({ min: 1, max: 40 });
  const limits = fc.record({ addSeconds: fc.option(seconds), useSeconds: fc.option(seconds) });
  const one = fc.record({ limits, slack: fc.integer({ min: 0, max: 9 }), firstUsedMs: fc.nat(5000) });
  fc.assert(
    fc.property(fc.array(one, { maxLength: 4 }), fc.boolean(), (rows, hasLarval) => {
      const sad = makeSad();
      const firstUsed = new Map<number, number>();
      for (const [index, { limits, slack, firstUsedMs }] of rows.entries()) {
        const at = (extra: number): Record<string, number> =>
          Object.fromEntries(Object.entries(limits).flatMap(([name, value]) => (value ? [[name, value + extra]] : [])));
        const lifetimes = { soft: testLifetime(at(0)), hard: testLifetime(at(slack)) };
        const added = sad.add(testAssociation(256 + index, { lifetimes }), 0, 1);
        firstUsed.set(added.slot, firstUsedMs);
      }
      if (hasLarval) sad.getSpi(asked, counting, 0, 1);
      const usageOf = (slot: number): AssociationUsage => {
        const firstUsedMs = firstUsed.get(slot) ?? 0;
        return testUsage({ packets: firstUsedMs > 0 ? 1 : 0, firstUsedMs });
      };
      const sizeAndStates = (): string => JSON.stringify([sad.list().map(({ state }) => state), [...sad.larvals()]]);
      for (let turn = 0; turn < 20; turn++) {
        const next = sad.nextTickMs(usageOf);
        if (next === Infinity) return;
        const before = sizeAndStates();
        assert.deepEqual(sad.tick(next - 1, usageOf), []);
        assert.equal(sizeAndStates(), before);
        sad.tick(next, usageOf);
        assert.notEqual(sizeAndStates(), before);
      }
      assert.fail('it comes to no end');
    }),
  );
});

test('a rollback restores contents, order and room, and forgets nothing that stood before', () => {
  const sad = makeSad(6);
  for (const [index, spi] of [256, 257, 258].entries()) sad.add(testAssociation(spi, { reqid: index }), 0, 1);
  const before = sad.list();
  const mark = sad.mark();
  sad.delete(testAssociation(257));
  sad.update(testAssociation(256, gcmSuite()), 9, 9);
  sad.update(testAssociation(258, { reqid: 44 }), 9, 9);
  sad.add(testAssociation(300), 0, 1);
  sad.flush();
  sad.rollback(mark);
  assert.deepEqual(sad.list(), before);
  assert.deepEqual(sad.drainRemoved(), []);
  for (const spi of [400, 401, 402]) sad.add(testAssociation(spi), 0, 1);
  assert.equal(
    thrownCode(() => sad.add(testAssociation(403), 0, 1)),
    'SA_LIMIT',
  );
});

test('any run of commands behind a mark is undone whole (property)', () => {
  const command = fc.record({
    verb: fc.constantFrom('add', 'delete', 'update', 'rekey', 'flush', 'tick'),
    spi: fc.integer({ min: 256, max: 262 }),
    reqid: fc.integer({ min: 0, max: 2 }),
  });
  const lifetimes = { soft: testLifetime({ bytes: 1 }), hard: testLifetime({ bytes: 50 }) };
  const run = (sad: Sad, { verb, spi, reqid }: { verb: string; spi: number; reqid: number }): void => {
    const spec = testAssociation(spi, { reqid, lifetimes });
    if (verb === 'add') thrownCode(() => sad.add(spec, 0, 1));
    if (verb === 'delete') thrownCode(() => sad.delete(spec));
    if (verb === 'update') thrownCode(() => sad.update(spec, 0, 1));
    if (verb === 'rekey') thrownCode(() => sad.update({ ...spec, encryptionKey: testKey(16, reqid) }, 0, 1));
    if (verb === 'flush') sad.flush();
    if (verb === 'tick') sad.tick(0, (slot) => testUsage({ packets: 1, bytes: slot * 7 }));
  };
  fc.assert(
    fc.property(fc.array(command, { maxLength: 12 }), fc.array(command, { maxLength: 12 }), (first, second) => {
      const sad = makeSad();
      for (const each of first) run(sad, each);
      const before = sad.list();
      const mark = sad.mark();
      for (const each of second) run(sad, each);
      sad.rollback(mark);
      assert.deepEqual(sad.list(), before);
    }),
    { numRuns: 200 },
  );
});

test('adds ten thousand associations in linear time', () => {
  const sad = makeSad(20_000);
  const started = performance.now();
  for (let index = 0; index < 10_000; index++) sad.add(testAssociation(256 + index, { reqid: index % 64 }), 0, 1);
  const elapsed = performance.now() - started;
  assert.equal(sad.size, 10_000);
  assert.ok(elapsed < 2000, `${elapsed} ms`);
});
