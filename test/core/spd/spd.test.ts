import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseIpAddress } from '#core/ip/address.ts';
import { parsePrefix } from '#core/ip/prefix.ts';
import type { PolicySpec, SecurityPolicy } from '#core/spd/security-policy.ts';
import { matchesSelector, selectorKey } from '#core/spd/selector.ts';
import { Spd } from '#core/spd/spd.ts';
import { discarding, protecting, testSelector } from '#test/support/policies.ts';
import { thrownCode } from '#test/support/thrown-code.ts';

const spids = (policies: readonly SecurityPolicy[]): number[] => policies.map(({ spid }) => spid);
const reqidOf = (policy: SecurityPolicy): number | undefined => policy.requests[0]?.reqid;

test('gives spids from 1 and lists direction in before out, each in order', () => {
  const spd = new Spd();
  spd.add(discarding({ sourcePort: 1 }, 'out'), 'user', 1);
  spd.add(discarding({ sourcePort: 1 }, 'in'), 'user', 1);
  spd.add(discarding({ sourcePort: 2 }, 'out'), 'user', 1);
  spd.add(discarding({ sourcePort: 2 }, 'in'), 'user', 1);
  assert.deepEqual(spids(spd.list()), [2, 4, 1, 3]);
});

test('refuses an equal selector and direction, between users and interfaces in both orders (EEXIST)', () => {
  const origins = ['user', 'kernel'] as const;
  for (const first of origins) {
    for (const second of origins) {
      const spd = new Spd();
      spd.add(discarding(), first, 1);
      assert.equal(
        thrownCode(() => spd.add(protecting('require', 0), second, 1)),
        'POLICY_EXISTS',
      );
      assert.equal(
        thrownCode(() => spd.add(discarding({}, 'in'), second, 1)),
        null,
      );
    }
  }
});

test('level unique draws a reqid without an id or above 16383, keeps smaller ones, and kernel ids always (key.c)', () => {
  const spd = new Spd();
  const cases: [number, 'user' | 'kernel', number][] = [
    [0, 'user', 16385],
    [5, 'user', 5],
    [16383, 'user', 16383],
    [16384, 'user', 16386],
    [8192, 'kernel', 8192],
    [16384, 'kernel', 16384],
    [0, 'kernel', 16387],
  ];
  for (const [index, [asked, origin, given]] of cases.entries()) {
    const policy = spd.add(protecting('unique', asked, { sourcePort: index + 1 }), origin, 1);
    assert.equal(reqidOf(policy), given, `${origin} ${asked}`);
  }
  assert.equal(reqidOf(spd.add(protecting('require', 0), 'user', 1)), 0);
});

test('users delete their own policies and no others (EINVAL)', () => {
  const spd = new Spd();
  spd.add(discarding({ sourcePort: 1 }), 'user', 1);
  spd.add(discarding({ sourcePort: 2 }), 'kernel', 0);
  assert.equal(
    thrownCode(() => spd.delete(testSelector({ sourcePort: 3 }), 'out')),
    'POLICY_NOT_FOUND',
  );
  assert.equal(
    thrownCode(() => spd.delete(testSelector({ sourcePort: 1 }), 'in')),
    'POLICY_NOT_FOUND',
  );
  assert.equal(
    thrownCode(() => spd.delete(testSelector({ sourcePort: 2 }), 'out')),
    'POLICY_KERNEL_ORIGIN',
  );
  spd.delete(testSelector({ sourcePort: 1 }), 'out');
  assert.deepEqual(spids(spd.list()), [2]);
});

test('a flush leaves the policies of interfaces', () => {
  const spd = new Spd();
  spd.add(discarding({ sourcePort: 1 }), 'user', 1);
  spd.add(discarding({ sourcePort: 2 }), 'kernel', 0);
  spd.add(discarding({ sourcePort: 3 }), 'user', 1);
  assert.equal(spd.flush(), 2);
  assert.deepEqual(spids(spd.list()), [2]);
});

test('installs an interface whole or not at all, and draws nothing when it fails', () => {
  const spd = new Spd();
  spd.add(discarding({ sourcePort: 3 }), 'user', 1);
  const specs = [1, 2, 3, 4].map((sourcePort) => protecting('unique', 0, { sourcePort }));
  assert.equal(
    thrownCode(() => spd.installKernel(specs)),
    'POLICY_EXISTS',
  );
  assert.deepEqual(spids(spd.list()), [1]);
  spd.flush();
  const installed = spd.installKernel(specs);
  assert.deepEqual(spids(installed), [2, 3, 4, 5]);
  assert.deepEqual(installed.map(reqidOf), [16385, 16386, 16387, 16388]);
});

test('exchanges policies in one step: those that go are no conflict, and stand when another is', () => {
  const spd = new Spd();
  const ports = (...list: number[]): PolicySpec[] => list.map((sourcePort) => protecting('unique', 0, { sourcePort }));
  const old = spd.installKernel(ports(1, 2, 3, 4));
  spd.add(discarding({ sourcePort: 9 }), 'user', 1);
  assert.equal(
    thrownCode(() => spd.installKernel(ports(1, 2, 3, 9), old)),
    'POLICY_EXISTS',
  );
  assert.deepEqual(spd.list().slice(0, 4), old);
  const next = spd.installKernel(ports(1, 2, 5, 6), old);
  assert.deepEqual(spids(spd.list()), [5, ...spids(next)]);
});

test('a rollback brings policies back to their places, and spids and reqids are drawn again', () => {
  const spd = new Spd();
  for (const sourcePort of [1, 2, 3]) spd.add(protecting('unique', 0, { sourcePort }), 'user', 1);
  const before = spd.list();
  const mark = spd.mark();
  spd.delete(testSelector({ sourcePort: 1 }), 'out');
  spd.add(protecting('unique', 0, { sourcePort: 4 }), 'user', 1);
  spd.add(protecting('unique', 0, { sourcePort: 1 }), 'user', 1);
  spd.flush();
  spd.rollback(mark);
  assert.deepEqual(spd.list(), before);
  const added = spd.add(protecting('unique', 0, { sourcePort: 5 }), 'user', 1);
  assert.deepEqual([added.spid, reqidOf(added)], [4, 16388]);
});

test('the first match in order of addition wins, as in a plain list (property)', () => {
  const prefixes = ['192.0.2.0/24', '192.0.2.1/32', '192.0.2.2/31', '0.0.0.0/0', '198.51.100.0/24'].map(parsePrefix);
  const step = fc.record({
    verb: fc.constantFrom('add', 'add', 'add', 'delete', 'undone'),
    source: fc.constantFrom(...prefixes),
    destination: fc.constantFrom(...prefixes),
    sourcePort: fc.constantFrom(0, 53),
    upperProtocol: fc.constantFrom(255, 6, 17),
  });
  const packet = fc.record({
    source: fc.constantFrom(...['192.0.2.1', '192.0.2.3', '198.51.100.7'].map(parseIpAddress)),
    destination: fc.constantFrom(...['192.0.2.1', '192.0.2.3', '198.51.100.7'].map(parseIpAddress)),
    sourcePort: fc.constantFrom(null, 53, 54),
    destinationPort: fc.constant(80),
    upperProtocol: fc.constantFrom(6, 17),
  });
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 20 }),
      fc.array(packet, { minLength: 1, maxLength: 10 }),
      (steps, packets) => {
        const spd = new Spd();
        let naive: SecurityPolicy[] = [];
        for (const { verb, ...changes } of steps) {
          const spec = discarding(changes);
          const key = selectorKey(spec.selector);
          const isThere = naive.some(({ selector }) => selectorKey(selector) === key);
          const mark = spd.mark();
          if (verb !== 'add' && isThere) spd.delete(spec.selector, 'out');
          if (verb === 'add' && !isThere) naive.push(spd.add(spec, 'user', 1));
          if (verb === 'delete') naive = naive.filter(({ selector }) => selectorKey(selector) !== key);
          if (verb === 'undone') spd.rollback(mark);
          else spd.commit(mark);
        }
        assert.deepEqual(spd.list(), naive);
        for (const each of packets) {
          const expected = naive.find(({ selector }) => matchesSelector(selector, each)) ?? null;
          assert.equal(spd.lookup('out', each), expected);
          assert.equal(spd.lookup('in', each), null);
        }
      },
    ),
    { numRuns: 200 },
  );
});
