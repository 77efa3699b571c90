import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toHex } from '#core/base/bytes.ts';
import { sealPacket } from '#core/crypto/portable-seal.ts';
import { createPortableSuite } from '#core/crypto/portable-suite.ts';
import { paddingKinds, SealError, SealRow } from '#core/crypto/transform.ts';

const nullSuite = createPortableSuite({
  encryptionId: 11,
  integrityId: 0,
  key: new Uint8Array(0),
  salt: new Uint8Array(0),
  integrityKey: new Uint8Array(0),
  padding: paddingKinds.sequential,
});
const noRandom = { fill: () => assert.fail('no randomness is needed') };

function row(offset: number, length: number): Int32Array {
  const columns = new Int32Array(SealRow.stride);
  columns[SealRow.sourceOffset] = offset;
  columns[SealRow.sourceLength] = length;
  columns[SealRow.spi] = 0x1001;
  columns[SealRow.sequenceLow] = -1;
  columns[SealRow.nextHeader] = 41;
  columns[SealRow.segmentCount] = 1;
  return columns;
}

test('lays a packet out as RFC 4303 §2 draws it: SPI, sequence number, payload, padding, pad length, next header', () => {
  const destination = new Uint8Array(24).fill(0xa5);
  const length = sealPacket(nullSuite, row(1, 3), Uint8Array.of(9, 0x60, 0x61, 0x62, 9), destination, 2, noRandom);
  assert.equal(length, 16);
  assert.equal(toHex(destination), 'a5a5' + '00001001' + 'ffffffff' + '606162' + '010203' + '0329' + 'a5a5a5a5a5a5');
});

test('refuses a packet that does not lie in the source', () => {
  const destination = new Uint8Array(64).fill(0xa5);
  for (const [offset, length] of [
    [0, 6],
    [5, 1],
    [-1, 3],
    [0, -1],
  ] as const) {
    const result = sealPacket(nullSuite, row(offset, length), new Uint8Array(5), destination, 0, noRandom);
    assert.equal(result, SealError.segmentation, `${offset} ${length}`);
  }
  assert.ok(destination.every((byte) => byte === 0xa5));
});
