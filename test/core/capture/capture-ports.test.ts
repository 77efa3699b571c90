import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CaptureTun, CaptureWire } from '#core/capture/capture-ports.ts';
import { AddressEntry, ReceiveRow, receiveSlotBytes, TunWriteRow } from '#core/datapath/ports.ts';

test('a payload is received once, with its sender in front of old bytes', () => {
  const wire = new CaptureWire();
  const arena = new Uint8Array(receiveSlotBytes);
  const rows = new Int32Array(ReceiveRow.stride).fill(-7);
  const senders = new Uint8Array(AddressEntry.stride).fill(0xa5);
  const bytes = Uint8Array.of(0, 192, 0, 2, 1, 10, 11, 12, 13);
  wire.put({ bytes, offset: 5, length: 3, tos: 184, senderAt: 1, family: 4, senderPort: 4500 });
  assert.equal(wire.receive(0, arena, rows, senders), 1);
  assert.deepEqual([...rows], [0, 3, 3, 184, 0, -1]);
  assert.deepEqual([...arena.subarray(0, 4)], [10, 11, 12, 0]);
  assert.deepEqual([...senders], [192, 0, 2, 1, ...new Uint8Array(12), 0x11, 0x94, 4, 0]);
  assert.equal(wire.receive(0, arena, rows, senders), 0);
});

test('a written packet is taken once, as a copy', () => {
  const tun = new CaptureTun();
  const rows = new Int32Array(TunWriteRow.stride);
  const arena = Uint8Array.of(1, 2, 3, 4);
  rows[TunWriteRow.offset] = 1;
  rows[TunWriteRow.length] = 2;
  assert.equal(tun.take(), null);
  tun.write(rows, 1, arena);
  arena.fill(0);
  assert.deepEqual(tun.take(), Uint8Array.of(2, 3));
  assert.equal(tun.take(), null);
});
