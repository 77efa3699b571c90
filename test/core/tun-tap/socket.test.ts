/**
 * UDP sockets on loopback, by the native package: runs that leave as one message arrive as one, errors have an errno.
 * @module
 */
import assert from 'node:assert/strict';
import { createConnection, createServer } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { AddressEntry, receiveSlotBytes, ReceiveRow, SendFlag, SendRow } from '#core/datapath/ports.ts';
import { loadNative } from '#core/host/linux/native.ts';
import { missingForNative } from '#test/support/native-package.ts';

const skip = missingForNative() ?? false;
const addresses = {
  4: new Uint8Array([127, 0, 0, 1]),
  6: new Uint8Array([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]),
};

function addressEntry(family: 4 | 6, port: number): Uint8Array {
  const entry = new Uint8Array(AddressEntry.stride);
  entry.set(addresses[family]);
  entry.set([port >> 8, port & 255, family], AddressEntry.port);
  return entry;
}

function sendRow(socket: number, length: number, segmentBytes: number, tos: number, flags: number): Int32Array {
  const row = new Int32Array(SendRow.stride).fill(-99);
  row[SendRow.socket] = socket;
  row[SendRow.offset] = 0;
  row[SendRow.length] = length;
  row[SendRow.segmentBytes] = segmentBytes;
  row[SendRow.address] = 0;
  row[SendRow.tos] = tos;
  row[SendRow.ttl] = 64;
  row[SendRow.flags] = flags;
  return row;
}

for (const family of [4, 6] as const) {
  test(`a run of datagrams over IPv${family} leaves and arrives as one message`, { skip }, () => {
    const native = loadNative();
    const from = native.openUdpSocket(family, addresses[family], 0);
    const to = native.openUdpSocket(family, addresses[family], 0);
    const payload = new Uint8Array(10_500).map((_, index) => index * 7);
    const row = sendRow(from.fd, payload.length, 1000, 0x2a, 0);
    native.send(row, 1, payload, addressEntry(family, to.port));
    assert.equal(row[SendRow.result], 11);
    const arena = new Uint8Array(4 * receiveSlotBytes);
    const rows = new Int32Array(4 * ReceiveRow.stride);
    const senders = new Uint8Array(4 * AddressEntry.stride);
    assert.equal(native.receive(to.fd, arena, rows, senders, 4), 1);
    assert.deepEqual([...rows.subarray(0, ReceiveRow.flowLabel)], [0, 10_500, 1000, 0x2a, 0]);
    assert.equal(rows[ReceiveRow.flowLabel], family === 4 ? -1 : 0, 'an outer flow label is 0, as NetBSD’s');
    assert.deepEqual(arena.subarray(0, 10_500), payload);
    assert.deepEqual(senders.subarray(0, AddressEntry.stride), addressEntry(family, from.port));
    assert.equal(native.receive(to.fd, arena, rows, senders, 4), 0, 'nothing is left');
    native.closeDescriptor(from.fd);
    native.closeDescriptor(to.fd);
  });
}

test('without offload each datagram is a message of its own', { skip }, () => {
  const native = loadNative();
  const from = native.openUdpSocket(4, addresses[4], 0);
  const to = native.openUdpSocket(4, addresses[4], 0);
  const row = sendRow(from.fd, 2500, 1000, 0, SendFlag.noOffload);
  native.send(row, 1, new Uint8Array(2500), addressEntry(4, to.port));
  assert.equal(row[SendRow.result], 3);
  const rows = new Int32Array(8 * ReceiveRow.stride);
  const arena = new Uint8Array(8 * receiveSlotBytes);
  assert.equal(native.receive(to.fd, arena, rows, new Uint8Array(8 * AddressEntry.stride), 8), 3);
  const lengths = [0, 1, 2].map((index) => rows[index * ReceiveRow.stride + ReceiveRow.length]);
  assert.deepEqual(lengths, [1000, 1000, 500]);
  native.closeDescriptor(from.fd);
  native.closeDescriptor(to.fd);
});

test('a port that is taken, a wrong family and a descriptor closed twice are errors with an errno', { skip }, () => {
  const native = loadNative();
  const { fd, port } = native.openUdpSocket(4, addresses[4], 0);
  assert.throws(() => native.openUdpSocket(4, addresses[4], port), {
    code: 'EADDRINUSE',
    errno: 98,
    message: `opening UDP port ${port} for IPv4: Address already in use`,
  });
  assert.throws(() => native.openUdpSocket(5, addresses[4], 0), { code: 'EINVAL' });
  assert.throws(() => native.openUdpSocket(4, addresses[4], 65_536), { code: 'EINVAL' });
  native.closeDescriptor(fd);
  assert.throws(() => native.closeDescriptor(fd), { code: 'EBADF', errno: 9 });
  assert.equal(native.receive(fd, new Uint8Array(0), new Int32Array(0), new Uint8Array(0), 0), -9);
});

test('the peer of a Unix socket is the process that connected', { skip }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'culvert-peer-'));
  const server = createServer().listen(join(folder, 'socket'));
  await once(server, 'listening');
  const client = createConnection(join(folder, 'socket'));
  const [accepted] = (await once(server, 'connection')) as [import('node:net').Socket];
  const handle: unknown = Reflect.get(accepted, '_handle');
  const fd = typeof handle === 'object' && handle !== null && 'fd' in handle ? Number(handle.fd) : -1;
  const { pid, uid, gid } = loadNative().peerCredentials(fd);
  assert.deepEqual([pid, uid, gid], [process.pid, process.getuid?.(), process.getgid?.()]);
  client.destroy();
  accepted.destroy();
  server.close();
  rmSync(folder, { recursive: true });
  assert.throws(() => loadNative().peerCredentials(-1), { code: 'EBADF' });
});
