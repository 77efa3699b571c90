/**
 * Worker of the limit relay: UDP to TUN.
 * @module
 */
import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import { BulkTurns } from '#core/host/linux/bulk-turns.ts';
import { loadNative, NativeThread } from '#core/host/linux/native.ts';
import { AddressEntry, ReceiveRow, receiveSlotBytes } from '#core/datapath/ports.ts';
import type { RelaySetup } from './limit-relay.ts';
import { recordBytes, vnetHeaderOffset } from './record.ts';

const maxMessages = 16;

const { tun, socket } = workerData as RelaySetup;
const native = loadNative();
const waiter = native.createWaiter();
native.addToWaiter(waiter, socket, socket);

const arena = new Uint8Array(maxMessages * receiveSlotBytes);
const rows = new Int32Array(maxMessages * ReceiveRow.stride);
const senders = new Uint8Array(maxMessages * AddressEntry.stride);
const ready = new Int32Array(1);
const turns = new BulkTurns(new NativeThread(native));

/** Write each whole record of a message; what lost a part is left to TCP. */
function writeRecords(start: number, end: number): void {
  let offset = start;
  for (let bytes = recordBytes(arena, offset, end); bytes > 0; bytes = recordBytes(arena, offset, end)) {
    writePacket(offset + vnetHeaderOffset, bytes - vnetHeaderOffset);
    offset += bytes;
  }
}

function writePacket(offset: number, length: number): void {
  try {
    writeSync(tun, arena, offset, length);
  } catch {
    // The device refuses a packet: it is lost, as on any wire.
  }
}

for (;;) {
  native.wait(waiter, -1, ready);
  turns.woke(performance.now());
  for (;;) {
    const count = native.receive(socket, arena, rows, senders, maxMessages);
    if (count <= 0) break;
    for (let message = 0; message < count; message++) {
      const at = message * ReceiveRow.stride;
      const start = rows[at + ReceiveRow.offset]!;
      writeRecords(start, start + rows[at + ReceiveRow.length]!);
    }
  }
}
