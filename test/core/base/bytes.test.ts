import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { equalBytes, fromHex, readU16, readU32, toHex, writeU16, writeU32 } from '#core/base/bytes.ts';

test('reads what it wrote, in network order, and touches nothing beside it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffffffff }), fc.integer({ min: 0, max: 9 }), (value, offset) => {
      const bytes = new Uint8Array(16).fill(0xa5);
      writeU32(bytes, offset, value);
      assert.equal(readU32(bytes, offset), value);
      assert.equal(new DataView(bytes.buffer).getUint32(offset), value);
      writeU16(bytes, offset + 4, value & 0xffff);
      assert.equal(readU16(bytes, offset + 4), value & 0xffff);
      for (const [index, byte] of bytes.entries()) if (index < offset || index >= offset + 6) assert.equal(byte, 0xa5);
    }),
  );
});

test('writes the low bits of a negative bit pattern, as Int32 rows hold them', () => {
  const bytes = new Uint8Array(4);
  writeU32(bytes, 0, -1);
  assert.equal(readU32(bytes, 0), 0xffffffff);
});

test('hexadecimal text survives a round trip', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => assert.deepEqual(fromHex(toHex(bytes)), bytes)));
});

test('reads an odd number of hexadecimal digits as if a 0 stood in front', () => {
  assert.deepEqual(fromHex('123'), Uint8Array.of(0x01, 0x23));
  assert.deepEqual(fromHex('F'), Uint8Array.of(0x0f));
  assert.deepEqual(fromHex(''), new Uint8Array(0));
});

test('refuses text that is not hexadecimal', () => {
  for (const text of ['0x12', 'g0', '12 34', '1_2', '１２']) assert.equal(fromHex(text), null, text);
});

test('equal bytes have equal length and contents', () => {
  assert.equal(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2)), true);
  assert.equal(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 3)), false);
  assert.equal(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2, 0)), false);
  assert.equal(equalBytes(new Uint8Array(0), new Uint8Array(0)), true);
});
