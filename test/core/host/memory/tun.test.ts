import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TunReadRow, TunWriteRow } from '#core/datapath/ports.ts';
import { MemoryTun } from '#core/host/memory/tun.ts';

test('packets are read in order, packed, and no more than asked for', () => {
  const tun = new MemoryTun();
  let queued = 0;
  tun.open(
    5,
    () => undefined,
    () => queued++,
  );
  for (const length of [3, 2, 1]) tun.push(5, new Uint8Array(length).fill(length));
  const arena = new Uint8Array(70_000);
  const rows = new Int32Array(4 * TunReadRow.stride).fill(77);
  assert.equal(tun.read(5, arena, rows, 2), 2);
  assert.deepEqual([...arena.subarray(0, 6)], [3, 3, 3, 2, 2, 0]);
  assert.deepEqual([...rows.subarray(0, TunReadRow.stride)], [0, 3, 0, 0, 0, 0, 0]);
  assert.equal(tun.read(5, arena, rows, 2), 1);
  assert.equal(tun.read(5, arena, rows, 2), 0);
  assert.equal(queued, 3);
});

test('reading stops while a whole packet would no longer fit', () => {
  const tun = new MemoryTun();
  tun.open(
    5,
    () => undefined,
    () => undefined,
  );
  for (let index = 0; index < 3; index++) tun.push(5, new Uint8Array(1000));
  assert.equal(tun.read(5, new Uint8Array(65536 + 1500), new Int32Array(100), 10), 2);
});

test('written packets are delivered as copies', () => {
  const tun = new MemoryTun();
  const got: Uint8Array[] = [];
  tun.open(
    5,
    (packet) => void got.push(packet),
    () => undefined,
  );
  const rows = new Int32Array(2 * TunWriteRow.stride);
  rows.set([5, 1, 2, 9, 6, 0, 1, 9]);
  const arena = Uint8Array.of(1, 2, 3);
  tun.write(rows, 2, arena);
  arena.fill(0);
  assert.deepEqual(
    got.map((packet) => [...packet]),
    [[2, 3]],
  );
  assert.equal(rows[TunWriteRow.result], 0);
  assert.ok(rows[TunWriteRow.stride + TunWriteRow.result]! < 0);
});

test('a full queue loses what comes, and a closed device answers with an error', () => {
  const tun = new MemoryTun();
  tun.open(
    5,
    () => undefined,
    () => undefined,
  );
  for (let index = 0; index < 510; index++) tun.push(5, new Uint8Array(1));
  assert.equal(tun.overruns, 10);
  tun.close(5);
  tun.push(5, new Uint8Array(1));
  assert.ok(tun.read(5, new Uint8Array(70_000), new Int32Array(7), 1) < 0);
});
