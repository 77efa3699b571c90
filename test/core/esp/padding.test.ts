import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isSequentialPadding, nextHeader, paddingBytes, padLength, payloadLength } from '#core/esp/padding.ts';
import { hexBytes, readFixture } from '#test/fixtures/read-fixture.ts';

type Vector = { id: string; level: string; plaintext: string; padLength: number; nextHeader: number; payload: string };
const packets = readFixture<{ vectors: Vector[] }>('esp-vectors.json').vectors.filter(
  (vector) => vector.level === 'esp-packet',
);

test('reads the trailers of the published packets', () => {
  assert.equal(packets.length, 20);
  for (const vector of packets) {
    const bytes = Uint8Array.of(0xa5, ...hexBytes(vector.plaintext));
    assert.equal(padLength(bytes, bytes.length), vector.padLength, vector.id);
    assert.equal(nextHeader(bytes, bytes.length), vector.nextHeader, vector.id);
    assert.equal(payloadLength(bytes, bytes.length, bytes.length - 1), vector.payload.length / 2, vector.id);
    assert.equal(isSequentialPadding(bytes, bytes.length), true, vector.id);
  }
});

test('a pad length larger than what is there leaves no payload (RFC 4303 §2.5)', () => {
  const bytes = Uint8Array.of(9, 9, 9, 1, 2, 5, 4);
  assert.equal(payloadLength(bytes, 7, 7), 0);
  assert.equal(payloadLength(bytes, 7, 6), -1);
  assert.equal(payloadLength(bytes, 7, 2), -1);
  assert.equal(payloadLength(bytes, 7, 1), -1);
  assert.equal(payloadLength(bytes, 7, 0), -1);
});

test('finds any single padding byte that is not 1, 2, 3 … (RFC 4303 §2.4)', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 255 }),
      fc.nat(254),
      fc.integer({ min: 1, max: 255 }),
      (length, at, change) => {
        const padding = Array.from({ length }, (_, index) => index + 1);
        const bytes = Uint8Array.of(0x45, ...padding, length, 4);
        assert.equal(isSequentialPadding(bytes, bytes.length), true);
        if (length === 0) return;
        bytes[1 + (at % length)]! ^= change;
        assert.equal(isSequentialPadding(bytes, bytes.length), false);
      },
    ),
  );
});

test('padding fills whole blocks', () => {
  assert.deepEqual(
    [0, 1, 2, 3, 4].map((inner) => paddingBytes(inner, 4)),
    [2, 1, 0, 3, 2],
  );
  assert.deepEqual(
    [13, 14, 15].map((inner) => paddingBytes(inner, 16)),
    [1, 0, 15],
  );
});
