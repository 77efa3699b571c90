/**
 * Reading capture files.
 * @module
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readCapture } from '#examples/two-gateways/wire/capture-file.ts';

const directory = mkdtempSync(join(tmpdir(), 'culvert-capture-test-'));
after(() => rmSync(directory, { recursive: true }));

type Word = (value: number) => Buffer;
const little: Word = (value) => {
  const word = Buffer.alloc(4);
  word.writeUInt32LE(value);
  return word;
};
const big: Word = (value) => little(value).reverse();

function header(word: Word, magic = 0xa1b2c3d4, linkType = 1): Buffer {
  const versionAndZone = Buffer.alloc(12);
  return Buffer.concat([word(magic), versionAndZone, word(128), word(linkType)]);
}

function record(word: Word, kept: Buffer, wireLength = kept.length): Buffer {
  return Buffer.concat([word(1), word(2), word(kept.length), word(wireLength), kept]);
}

function read(...parts: Buffer[]): { text: string; wireLength: number }[] {
  const path = join(directory, 'test.pcap');
  writeFileSync(path, Buffer.concat(parts));
  return [...readCapture(path)].map(({ bytes, wireLength }) => ({ text: bytes.toString(), wireLength }));
}

for (const [name, word, magic] of [
  ['little-endian, microseconds', little, 0xa1b2c3d4],
  ['big-endian, microseconds', big, 0xa1b2c3d4],
  ['little-endian, nanoseconds', little, 0xa1b23c4d],
] as const) {
  test(`reads frames with their length on the wire (${name})`, () => {
    const frames = read(header(word, magic), record(word, Buffer.from('one')), record(word, Buffer.from('two'), 1500));
    assert.deepEqual(frames, [
      { text: 'one', wireLength: 3 },
      { text: 'two', wireLength: 1500 },
    ]);
  });
}

test('a file larger than the reader holds at once is read to its end', () => {
  const count = 50_000;
  const frame = Buffer.alloc(128, 0x61);
  const records = Array.from({ length: count }, () => record(little, frame));
  const frames = read(header(little), ...records);
  assert.equal(frames.length, count);
  assert.ok(frames.every(({ text }) => text === frame.toString()));
});

test('a last record that was cut short is left out', () => {
  const frames = read(
    header(little),
    record(little, Buffer.from('one')),
    record(little, Buffer.from('two')).subarray(0, 18),
  );
  assert.equal(frames.length, 1);
});

test('an empty capture has no frames', () => {
  assert.deepEqual(read(header(little)), []);
});

test('what is no Ethernet capture is refused', () => {
  assert.throws(() => read(Buffer.from('too short')), /too short for a capture/);
  assert.throws(() => read(Buffer.alloc(24)), /not a capture/);
  assert.throws(() => read(header(little, 0xa1b2c3d4, 113)), /link type 113/);
  assert.throws(
    () => read(header(little), little(0), little(0), little(300_000), little(1)),
    /300000 bytes is no frame/,
  );
});
