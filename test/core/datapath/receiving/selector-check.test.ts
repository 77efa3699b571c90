import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fitsSelectors } from '#core/datapath/receiving/selector-check.ts';
import { buildIpPacket } from '#core/host/memory/ip-packet.ts';
import { formatAddress } from '#core/ip/address.ts';
import { present } from '#test/fixtures/read-fixture.ts';

const addressBytes = (family: 4 | 6) =>
  fc.uint8Array({ minLength: family === 4 ? 4 : 16, maxLength: family === 4 ? 4 : 16 });

/** The address as a string of bits. */
const bits = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');

test('equals a naive comparison of bits, for both families and every prefix length', () => {
  const selector = fc.constantFrom(4 as const, 6 as const).chain((family) =>
    fc.record({
      family: fc.constant(family),
      source: addressBytes(family),
      destination: addressBytes(family),
      sourceLength: fc.integer({ min: 0, max: family === 4 ? 32 : 128 }),
      destinationLength: fc.integer({ min: 0, max: family === 4 ? 32 : 128 }),
    }),
  );
  const keep = fc.array(fc.integer({ min: 0, max: 128 }), { minLength: 2, maxLength: 2 });
  fc.assert(
    fc.property(
      fc.array(selector, { minLength: 1, maxLength: 4 }),
      fc.nat(3),
      keep,
      (selectors, pick, [a = 0, b = 0]) => {
        // Addresses that differ from a selector's own from some bit on: near misses and hits.
        const near = present(selectors[pick % selectors.length]);
        const flip = (bytes: Uint8Array, at: number): Uint8Array => {
          const copy = bytes.slice();
          if (at < copy.length * 8) copy[at >> 3]! ^= 0x80 >> (at & 7);
          return copy;
        };
        const { family } = near;
        const [source, destination] = [flip(near.source, a), flip(near.destination, b)];
        const pair = { source: formatAddress(source, 0, family), destination: formatAddress(destination, 0, family) };
        const packet = buildIpPacket({ ...pair, protocol: 253 }, new Uint8Array(4));
        const naive = selectors.some(
          (one) =>
            one.family === family &&
            bits(one.source).slice(0, one.sourceLength) === bits(source).slice(0, one.sourceLength) &&
            bits(one.destination).slice(0, one.destinationLength) === bits(destination).slice(0, one.destinationLength),
        );
        assert.equal(fitsSelectors(selectors, packet, 0, family), naive);
      },
    ),
    { numRuns: 2000 },
  );
});

test('without selectors everything fits, with none of them nothing does', () => {
  const packet = new Uint8Array(20);
  assert.deepEqual([fitsSelectors(undefined, packet, 0, 4), fitsSelectors([], packet, 0, 4)], [true, false]);
});
