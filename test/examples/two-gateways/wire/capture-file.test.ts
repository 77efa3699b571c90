/**
 * Reading the capture of the wire. What the formats are like is core/capture's, and tested there.
 * @module
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readFrames } from '#examples/two-gateways/wire/capture-file.ts';
import { makePcap } from '#test/support/capture/capture-maker.ts';

const directory = mkdtempSync(join(tmpdir(), 'culvert-capture-test-'));
after(() => rmSync(directory, { recursive: true }));

function read(file: Uint8Array): { text: string; wireLength: number }[] {
  const path = join(directory, 'test.pcap');
  writeFileSync(path, file);
  return [...readFrames(path)].map(({ bytes, wireLength }) => ({ text: Buffer.from(bytes).toString(), wireLength }));
}

const one = { bytes: Buffer.from('one') };
const two = { bytes: Buffer.from('two'), wireLength: 1500 };
const ethernet = { linkType: 1 };

test('frames come with their length on the wire', () => {
  assert.deepEqual(read(makePcap([one, two], ethernet)), [
    { text: 'one', wireLength: 3 },
    { text: 'two', wireLength: 1500 },
  ]);
});

test('a last record that was cut short is left out', () => {
  assert.equal(read(makePcap([one, two], ethernet).subarray(0, -1)).length, 1);
});

test('an empty capture has no frames', () => {
  assert.deepEqual(read(makePcap([], ethernet)), []);
});

test('what is no Ethernet capture is refused', () => {
  assert.throws(() => read(Buffer.from('abc')), /ends within the header/);
  assert.throws(() => read(Buffer.alloc(24)), /neither a pcap nor a pcapng file/);
  assert.throws(() => read(makePcap([one], { linkType: 113 })), /link type 113 is not Ethernet/);
});
