import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inputOfBytes } from '#core/capture/capture-input.ts';
import { readCapture } from '#core/capture/capture-reader.ts';
import { makePcap, Order, type PcapOptions } from '#test/support/capture/capture-maker.ts';
import { thrownError } from '#test/support/capture/capture-reading.ts';

const one = { bytes: Buffer.from('one'), seconds: 1_700_000_000, fraction: 42 };
const two = { bytes: Buffer.from('two!'), wireLength: 1500, seconds: 0xffffffff, fraction: 0 };

for (const [name, options, unitNs] of [
  ['little-endian, microseconds', {}, 1000n],
  ['big-endian, microseconds', { isBig: true }, 1000n],
  ['little-endian, nanoseconds', { magic: 0xa1b23c4d }, 1n],
  ['big-endian, nanoseconds', { isBig: true, magic: 0xa1b23c4d }, 1n],
] as [string, PcapOptions, bigint][]) {
  test(`packets come with time, length on the wire and place (${name})`, () => {
    const records = [...readCapture(inputOfBytes(makePcap([one, two], options)))];
    assert.deepEqual(
      records.map(({ bytes, ...rest }) => ({ ...rest, text: Buffer.from(bytes).toString() })),
      [
        {
          linkType: 101,
          timeNs: 1_700_000_000_000_000_000n + 42n * unitNs,
          wireLength: 3,
          position: 24,
          text: 'one',
        },
        { linkType: 101, timeNs: 4_294_967_295_000_000_000n, wireLength: 1500, position: 43, text: 'two!' },
      ],
    );
  });
}

test('the length of a frame check sequence beside the link type does not matter', () => {
  const [record] = readCapture(inputOfBytes(makePcap([one], { linkType: 0x24000001 })));
  assert.equal(record?.linkType, 1);
});

test('a file without packets has none', () => {
  assert.deepEqual([...readCapture(inputOfBytes(makePcap([])))], []);
});

test('a file that ends within a packet gives those before, then names the place and what is missing', () => {
  const whole = makePcap([one, two]);
  for (let length = 44; length < whole.length; length++) {
    const { error, records } = thrownError(whole.subarray(0, length));
    assert.deepEqual([error.code, error.details['offset'], records.length], ['CAPTURE_TRUNCATED', 43, 1]);
  }
  assert.match(thrownError(whole.subarray(0, -1)).error.message, /^at byte 43: .*a packet of 4 bytes, 1 byte short$/);
});

test('a file that ends within its header is refused', () => {
  for (let length = 0; length < 24; length++) {
    const { error } = thrownError(makePcap([]).subarray(0, length));
    assert.deepEqual([error.code, error.details['offset']], ['CAPTURE_TRUNCATED', 0]);
  }
});

test('an absurd length is refused at its place, and nothing of that size is made', () => {
  const { u32 } = { u32: (value: number) => new Order(false).u32(value) };
  for (const length of [262_145, 0x7fffffff, 0xffffffff]) {
    const file = Buffer.concat([makePcap([one]), u32(0), u32(0), u32(length), u32(length), Buffer.alloc(64)]);
    const { error, records } = thrownError(file);
    assert.deepEqual([error.code, error.details['offset'], records.length], ['CAPTURE_FORMAT', 43, 1]);
    assert.match(error.message, new RegExp(`a packet of ${length} bytes`));
  }
});

test('another version of the format is refused', () => {
  const file = makePcap([one]);
  file.writeUInt16LE(3, 4);
  assert.match(thrownError(file).error.message, /^at byte 4: version 3/);
});

test('what is no capture is refused', () => {
  for (const text of ['GET / HTTP/1.1', '\0\0\0\0', '{ "packets": [] }']) {
    const { error } = thrownError(Buffer.from(text));
    assert.deepEqual([error.code, error.details['offset']], ['CAPTURE_FORMAT', 0]);
  }
});
