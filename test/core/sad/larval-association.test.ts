import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Random } from '#core/base/port.ts';
import { parseIpAddress } from '#core/ip/address.ts';
import { larvalSeconds, LarvalIndex, makeLarval, type LarvalRequest } from '#core/sad/larval-association.ts';
import { thrownCode } from '#test/support/thrown-code.ts';

const zeros: Random = { fill: (out) => void out.fill(0) };
const request: LarvalRequest = {
  source: parseIpAddress('192.0.2.1'),
  destination: parseIpAddress('192.0.2.2'),
  protocol: 'esp',
  mode: 'any',
  reqid: 0,
  range: { min: 0x100, max: 0x1ff },
};
const make = (changes: Partial<LarvalRequest> = {}, now = 0) =>
  makeLarval({ ...request, ...changes }, zeros, () => false, { now, pid: 7 });

test('a request names addresses of one family and a range of SPIs that are not reserved', () => {
  const cases: [Partial<LarvalRequest>, string | null][] = [
    [{}, null],
    [{ destination: parseIpAddress('2001:db8::1') }, 'ADDRESS_FAMILY_MIXED'],
    [{ range: { min: 255, max: 300 } }, 'SPI_RESERVED'],
    [{ range: { min: 256, max: 2 ** 32 } }, 'SPI_RANGE'],
    [{ range: { min: 300, max: 299 } }, 'SPI_RANGE'],
  ];
  for (const [changes, code] of cases)
    assert.equal(
      thrownCode(() => make(changes)),
      code,
    );
});

test('equal SPIs to two destinations are two, and the SPI is used until both are gone', () => {
  const index = new LarvalIndex();
  const [one, other] = [make(), make({ destination: parseIpAddress('192.0.2.3') })];
  index.insert(one);
  index.insert(other);
  assert.equal(index.find(one), one);
  index.remove(one);
  index.remove(one);
  assert.deepEqual([index.size, index.hasSpi(0x100), index.find(one)], [1, true, null]);
  index.remove(other);
  assert.deepEqual([index.size, index.hasSpi(0x100)], [0, false]);
});

test('one has expired strictly after its life', () => {
  const index = new LarvalIndex();
  index.insert(make({}, 1000));
  assert.equal(index.expired(1000 + larvalSeconds * 1000 + 999).length, 0);
  assert.equal(index.expired(1000 + (larvalSeconds + 1) * 1000).length, 1);
});

test('the next to expire is the oldest, wherever a rollback has put it', () => {
  const index = new LarvalIndex();
  assert.equal(index.nextExpiryMs(), Infinity);
  index.insert(make({ destination: parseIpAddress('192.0.2.3') }, 9000));
  index.insert(make({}, 1000));
  assert.equal(index.nextExpiryMs(), 1000 + (larvalSeconds + 1) * 1000);
});
