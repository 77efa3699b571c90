/**
 * Worker of the limit relay: TUN to UDP.
 * @module
 */
import { workerData } from 'node:worker_threads';
import { BulkTurns } from '#core/host/linux/bulk-turns.ts';
import { loadNative, NativeThread } from '#core/host/linux/native.ts';
import { SendRow, TunReadRow } from '#core/datapath/ports.ts';
import type { RelaySetup } from './limit-relay.ts';
import { datagramBytes, recordHeaderBytes, writeRecordHeader } from './record.ts';

const slotBytes = 65536;
const arenaBytes = 512 * 1024;
const maxPackets = 128;
const outerTtl = 64;

const { tun, socket, peer } = workerData as RelaySetup;
const native = loadNative();
const waiter = native.createWaiter();
native.addToWaiter(waiter, tun, tun);

const arena = new Uint8Array(arenaBytes);
const read = new Int32Array(TunReadRow.stride);
const sends = new Int32Array(maxPackets * SendRow.stride);
const ready = new Int32Array(1);
const turns = new BulkTurns(new NativeThread(native));

/** Read a batch, each packet behind the record of the one before. Returns how many. */
function readBatch(): number {
  let offset = 0;
  for (let count = 0; count < maxPackets; count++) {
    const start = offset + recordHeaderBytes;
    if (start + slotBytes > arena.length) return count;
    if (native.readTun(tun, arena.subarray(start, start + slotBytes), read, 1) !== 1) return count;
    writeRecordHeader(arena, offset, read);
    const length = recordHeaderBytes + read[TunReadRow.length]!;
    const at = count * SendRow.stride;
    sends[at + SendRow.socket] = socket;
    sends[at + SendRow.offset] = offset;
    sends[at + SendRow.length] = length;
    sends[at + SendRow.segmentBytes] = Math.min(length, datagramBytes);
    sends[at + SendRow.ttl] = outerTtl;
    offset += length;
  }
  return maxPackets;
}

for (;;) {
  native.wait(waiter, -1, ready);
  turns.woke(performance.now());
  for (let count = readBatch(); count > 0; count = readBatch()) native.send(sends, count, arena, peer);
}
