/**
 * Records of the limit relay.
 * @module
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TunReadRow } from '#core/datapath/ports.ts';
import { recordBytes, recordHeaderBytes, vnetHeaderOffset, writeRecordHeader } from '../relay/record.ts';

function record(): Uint8Array {
  const row = new Int32Array(TunReadRow.stride);
  row[TunReadRow.length] = 100;
  row[TunReadRow.gsoType] = 1;
  row[TunReadRow.gsoSize] = 0x0544;
  row[TunReadRow.needsChecksum] = 1;
  row[TunReadRow.csumStart] = 20;
  row[TunReadRow.csumOffset] = 16;
  const bytes = new Uint8Array(8 + recordHeaderBytes + 100).fill(0xa5);
  writeRecordHeader(bytes, 8, row);
  return bytes;
}

test('the virtio-net header stands right before the packet, in host order', () => {
  const start = 8 + vnetHeaderOffset;
  assert.deepEqual([...record().subarray(start, 8 + recordHeaderBytes)], [1, 1, 0, 0, 0x44, 0x05, 20, 0, 16, 0]);
});

test('a whole record has the length of its packet and header', () => {
  const bytes = record();
  assert.equal(recordBytes(bytes, 8, bytes.length), recordHeaderBytes + 100);
});

test('a record that lost its end, or even its header, is none', () => {
  const bytes = record();
  assert.equal(recordBytes(bytes, 8, bytes.length - 1), -1);
  assert.equal(recordBytes(bytes, 8, 8 + recordHeaderBytes - 1), -1);
  assert.equal(recordBytes(bytes, bytes.length, bytes.length), -1);
});
