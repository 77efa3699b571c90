import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkLifetimes, passedLimit, unlimited, type Lifetime, type LifetimeUse } from '#core/sad/lifetime.ts';
import { testLifetime } from '#test/support/associations.ts';
import { thrownCode } from '#test/support/thrown-code.ts';

test('accepts lifetimes in pairs, soft not above hard, and refuses the rest (key.c)', () => {
  const cases: [string, Lifetime, Lifetime, string | null][] = [
    ['none', unlimited, unlimited, null],
    ['both', testLifetime({ addSeconds: 80 }), testLifetime({ addSeconds: 100 }), null],
    ['equal', testLifetime({ addSeconds: 100 }), testLifetime({ addSeconds: 100 }), null],
    ['hard seconds with soft bytes', testLifetime({ bytes: 5 }), testLifetime({ addSeconds: 100 }), null],
    ['hard alone', unlimited, testLifetime({ addSeconds: 100 }), 'SA_LIFETIME'],
    ['soft alone', testLifetime({ bytes: 100 }), unlimited, 'SA_LIFETIME'],
    ['soft above hard', testLifetime({ addSeconds: 101 }), testLifetime({ addSeconds: 100 }), 'SA_LIFETIME'],
    ['negative', testLifetime({ bytes: -1 }), testLifetime({ bytes: 1 }), 'SA_LIFETIME'],
    ['fraction', testLifetime({ packets: 0.5 }), testLifetime({ packets: 1 }), 'SA_LIFETIME'],
    ['absurdly long', testLifetime({ addSeconds: 1 }), testLifetime({ addSeconds: 1e12 }), 'SA_LIFETIME'],
  ];
  for (const [name, soft, hard, code] of cases)
    assert.equal(
      thrownCode(() => checkLifetimes({ soft, hard })),
      code,
      name,
    );
});

test('a limit is passed only when use is strictly greater, in whole seconds (key.c)', () => {
  const use: LifetimeUse = { createdMs: 1000, firstUsedMs: 0, bytes: 100, packets: 10 };
  const cases: [Partial<Lifetime>, Partial<LifetimeUse>, number, string | null][] = [
    [{}, {}, 1e12, null],
    [{ addSeconds: 10 }, {}, 11_999, null],
    [{ addSeconds: 10 }, {}, 12_000, 'addSeconds'],
    [{ useSeconds: 10 }, {}, 1e12, null],
    [{ useSeconds: 10 }, { firstUsedMs: 5000 }, 15_999, null],
    [{ useSeconds: 10 }, { firstUsedMs: 5000 }, 16_000, 'useSeconds'],
    [{ bytes: 100 }, {}, 1000, null],
    [{ bytes: 99 }, {}, 1000, 'bytes'],
    [{ packets: 10 }, {}, 1000, null],
    [{ packets: 9 }, {}, 1000, 'packets'],
  ];
  for (const [limits, changes, now, limit] of cases) {
    assert.equal(
      passedLimit(testLifetime(limits), { ...use, ...changes }, now),
      limit,
      JSON.stringify([limits, changes, now]),
    );
  }
});
