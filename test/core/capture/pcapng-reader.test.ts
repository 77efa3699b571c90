import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { inputOfBytes } from '#core/capture/capture-input.ts';
import { readCapture } from '#core/capture/capture-reader.ts';
import type { CaptureRecord } from '#core/capture/capture-record.ts';
import { Order } from '#test/support/capture/capture-maker.ts';
import { thrownError } from '#test/support/capture/capture-reading.ts';

const one = Buffer.from('one');
const two = Buffer.from('two!');

function read(...blocks: Buffer[]): (Omit<CaptureRecord, 'bytes'> & { text: string })[] {
  const records = [...readCapture(inputOfBytes(Buffer.concat(blocks)))];
  return records.map(({ bytes, ...rest }) => ({ ...rest, text: Buffer.from(bytes).toString() }));
}

for (const [name, isBig] of [
  ['little-endian', false],
  ['big-endian', true],
] as const) {
  const order = new Order(isBig);
  describe(`pcapng, ${name}`, () => {
    test('packet blocks of all three kinds are read, each with the link type of its interface', () => {
      const records = read(
        order.section(order.option(4, Buffer.from('a writer'))),
        order.interface(1),
        order.interface(101, 0, order.option(2, Buffer.from('eth0')), order.option(0, Buffer.alloc(0))),
        order.enhanced(1, one, 1_700_000_000_000_042n, order.option(1, Buffer.from('a comment'))),
        order.simple(two),
        order.obsolete(1, two, 5n),
      );
      assert.deepEqual(
        records.map(({ linkType, timeNs, text, wireLength }) => [linkType, timeNs, text, wireLength]),
        [
          [101, 1_700_000_000_000_042_000n, 'one', 3],
          [1, null, 'two!', 4],
          [101, 5000n, 'two!', 4],
        ],
      );
    });

    test('a simple packet is cut at the snapshot length of the first interface', () => {
      const [record] = read(order.section(), order.interface(101, 2), order.simple(Buffer.from('tw'), 4));
      assert.deepEqual([record?.text, record?.wireLength], ['tw', 4]);
    });

    test('time resolutions of 10 and of 2, and an offset in seconds, are taken into account', () => {
      const interfaces = [
        order.interface(101, 0, order.option(9, Buffer.of(9))),
        order.interface(101, 0, order.option(9, Buffer.of(0x80 | 10))),
        order.interface(101, 0, order.option(9, Buffer.of(0)), order.option(14, order.i64(-100n))),
        order.interface(101, 0, order.option(9, Buffer.of(12))),
      ];
      const packets = [7n, 1536n, 160n, 2_000_000n].map((stamp, id) => order.enhanced(id, one, stamp));
      assert.deepEqual(
        read(order.section(), ...interfaces, ...packets).map(({ timeNs }) => timeNs),
        [7n, 1_500_000_000n, 60_000_000_000n, 2000n],
      );
    });

    test('blocks of other types are passed over, however large', () => {
      const blocks = [4, 5, 10, 0xbad, 0x80000001].map((type) => order.block(type, Buffer.alloc(100_000)));
      const records = read(order.section(), order.interface(101), ...blocks, order.enhanced(0, one));
      assert.deepEqual(
        records.map(({ text }) => text),
        ['one'],
      );
    });

    test('a new section forgets the interfaces, and may have the other byte order', () => {
      const other = new Order(!isBig);
      const first = [order.section(), order.interface(1), order.enhanced(0, one)];
      const records = read(...first, other.section(), other.interface(101), other.enhanced(0, two));
      assert.deepEqual(
        records.map(({ linkType, text }) => [linkType, text]),
        [
          [1, 'one'],
          [101, 'two!'],
        ],
      );
      const { error } = thrownError(Buffer.concat([...first, other.section(), other.enhanced(0, two)]));
      assert.match(error.message, /interface 0, which is not described/);
    });
  });
}

describe('broken pcapng', () => {
  const order = new Order(false);
  const start = Buffer.concat([order.section(), order.interface(101)]);
  const good = order.enhanced(0, one);

  function refuse(block: Buffer, message: RegExp): void {
    const { error, records } = thrownError(Buffer.concat([start, good, block]));
    assert.deepEqual([error.code, records.length], ['CAPTURE_FORMAT', 1]);
    assert.match(error.message, message);
    assert.ok(Number(error.details['offset']) >= start.length + good.length);
  }

  test('a length that is no block is refused', () => {
    for (const length of [0, 4, 11, 13]) {
      const words = [6, length, 0, 0, 0].map((word) => order.u32(word));
      refuse(Buffer.concat(words), new RegExp(`a block of ${length} bytes`));
    }
  });

  test('a packet block of gigabytes is refused before anything is read or made', () => {
    refuse(
      Buffer.concat([order.u32(6), order.u32(0xfffffffc), order.u32(0)]),
      /a packet or interface block of 4294967292/,
    );
  });

  test('different lengths at start and end are refused', () => {
    const block = order.enhanced(0, one);
    block.writeUInt32LE(40, block.length - 4);
    refuse(block, /36 bytes at its start and 40 at its end/);
  });

  test('a packet larger than its block is refused', () => {
    for (const [kept, message] of [
      [5, /a packet of 5 bytes in a block of 4/],
      [0xffffffff, /a packet of 4294967295 bytes is none/],
    ] as const) {
      const block = order.enhanced(0, one);
      block.writeUInt32LE(kept, 20);
      refuse(block, message);
    }
  });

  test('a packet block without room for its header is refused', () => {
    for (const type of [2, 3, 6]) refuse(order.block(type), /no room for its header/);
  });

  test('a packet of an interface that nobody described is refused', () => {
    refuse(order.enhanced(1, one), /interface 1, which is not described/);
    refuse(order.obsolete(9, one), /interface 9, which is not described/);
  });

  test('an interface whose option leaves its block, or whose time is absurd, is refused', () => {
    refuse(order.block(1, order.u32(101), order.u32(0), order.u16(2), order.u16(400)), /option 2 .* goes beyond/);
    refuse(order.interface(101, 0, order.option(9, Buffer.of(20))), /resolution of 10 to the -20/);
    refuse(order.interface(101, 0, order.option(9, Buffer.of(0xff))), /resolution of 2 to the -127/);
    refuse(order.block(1), /no room for its header/);
  });

  test('a section of no known byte order or version is refused', () => {
    const strange = order.section();
    strange.writeUInt32LE(0x12345678, 8);
    refuse(strange, /byte order/);
    const later = order.section();
    later.writeUInt16LE(2, 12);
    refuse(later, /version 2/);
    const short = order.section();
    short.writeUInt32LE(12, 4);
    refuse(short, /section header of 12 bytes/);
  });

  test('a file that ends anywhere gives what came before and names the block', () => {
    const file = Buffer.concat([start, good, order.block(10, Buffer.alloc(40)), order.section(), start]);
    const blocks = [0, 28, 48, 84, 136, 164, 192];
    for (let length = 0; length < file.length; length++) {
      if (blocks.includes(length) && length > 0) continue;
      const { error, records } = thrownError(file.subarray(0, length));
      const place = blocks.findLast((at) => at <= length);
      const found = [error.code, error.details['offset'], records.length];
      assert.deepEqual(found, ['CAPTURE_TRUNCATED', place, length >= 84 ? 1 : 0], String(length));
    }
  });
});
