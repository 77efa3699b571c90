import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { IpsecError } from '#core/base/error.ts';
import { readInterface, stampNs, type CaptureInterface } from '#core/capture/pcapng-interface.ts';
import { Order } from '#test/support/capture/capture-maker.ts';

const order = new Order(false);

function read(...parts: Buffer[]): CaptureInterface {
  const bytes = Buffer.concat([order.u16(101), order.u16(0), order.u32(96), ...parts]);
  return readInterface(bytes, 0, bytes.length, true, 0);
}

test('without options stamps are microseconds since the epoch', () => {
  const found = read();
  assert.deepEqual(found, { linkType: 101, snapshotLength: 96, unitsPerSecond: 1_000_000n, offsetSeconds: 0n });
  assert.equal(stampNs(found, 0x5f5e1, 0), BigInt(0x5f5e1) * 4_294_967_296_000n);
});

test('options behind the end of options do not count, unknown ones are passed over', () => {
  const unknown = order.option(0x7fff, Buffer.from('odd'));
  const end = order.option(0, Buffer.alloc(0));
  const found = read(unknown, order.option(14, order.i64(3n)), end, order.option(9, Buffer.of(9)));
  assert.deepEqual([found.unitsPerSecond, found.offsetSeconds], [1_000_000n, 3n]);
});

test('options too short for their value are as if they were not there', () => {
  const found = read(order.option(9, Buffer.alloc(0)), order.option(14, Buffer.alloc(7)));
  assert.deepEqual([found.unitsPerSecond, found.offsetSeconds], [1_000_000n, 0n]);
});

test('the finest and coarsest stamps have a time', () => {
  for (const [value, expected] of [
    [0, 18_446_744_073_709_551_615_000_000_000n],
    [19, 1_844_674_407n],
    [0x80, 18_446_744_073_709_551_615_000_000_000n],
    [0xbf, 1_999_999_999n],
  ] as const) {
    assert.equal(stampNs(read(order.option(9, Buffer.of(value))), 0xffffffff, 0xffffffff), expected);
  }
});

test('any bytes are an interface or a refusal', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), fc.boolean(), (bytes, isLittle) => {
      try {
        const found = readInterface(bytes, 0, bytes.length, isLittle, 0);
        assert.ok(found.unitsPerSecond >= 1n);
      } catch (error) {
        assert.ok(error instanceof IpsecError && error.code === 'CAPTURE_FORMAT');
      }
    }),
    { numRuns: 3000 },
  );
});
