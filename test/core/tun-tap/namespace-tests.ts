/**
 * What namespace.test.ts runs in a network namespace: devices, super-packets both ways, raw ESP.
 * @module
 */
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { readU32 } from '#core/base/bytes.ts';
import { AddressEntry, receiveSlotBytes, ReceiveRow, SendFlag, SendRow, TunReadRow } from '#core/datapath/ports.ts';
import { loadNative } from '#core/host/linux/native.ts';
import { hasGoodChecksums, tcpSegment, udpDatagram } from './inner-packet.ts';
import { TunDevice, type ReadPacket } from './tun-device.ts';

const native = loadNative();
const syn = 0x02;
const ack = 0x10;
const psh = 0x08;
/** Protocol number of UDP. */
const udp = 17;
const nothing = new Uint8Array(0);

test('a device is made, changed and gone with its descriptor', () => {
  const tun = native.openTun('ipsec0', true);
  assert.equal(tun.name, 'ipsec0');
  assert.equal(tun.vnetHeader, true);
  assert.ok((tun.offloads & 7) === 7, `offloads ${tun.offloads}: checksums and TCP at least`);
  native.setMtu('ipsec0', 1280);
  assert.equal(readFileSync('/sys/class/net/ipsec0/mtu', 'utf8'), '1280\n');
  assert.equal(native.setUp('ipsec0', true), true);
  assert.equal(native.setUp('ipsec0', true), false, 'it was up');
  assert.ok(Number(readFileSync('/sys/class/net/ipsec0/flags', 'utf8')) & 1, 'up');
  assert.equal(native.setUp('ipsec0', false), true);
  assert.equal(Number(readFileSync('/sys/class/net/ipsec0/flags', 'utf8')) & 1, 0);
  native.closeDescriptor(tun.fd);
  assert.ok(!existsSync('/sys/class/net/ipsec0'));
  assert.equal(native.readTun(tun.fd, new Uint8Array(receiveSlotBytes), new Int32Array(7), 1), -9);
});

test('a persistent device stays up without its descriptor, and is taken over by one process at a time', () => {
  const first = native.openTun('ipsec0', true);
  native.setUp('ipsec0', true);
  native.setPersistent(first.fd, true);
  assert.throws(() => native.adoptTun('ipsec0', true), { code: 'EBUSY' });
  native.closeDescriptor(first.fd);
  assert.throws(() => native.openTun('ipsec0', true), { code: 'EBUSY' });
  const second = native.adoptTun('ipsec0', true);
  assert.deepEqual([second.name, second.vnetHeader, second.offloads], ['ipsec0', true, first.offloads]);
  assert.equal(native.setUp('ipsec0', true), false, 'it was up all the time');
  native.setPersistent(second.fd, false);
  native.closeDescriptor(second.fd);
  assert.ok(!existsSync('/sys/class/net/ipsec0'));
  assert.throws(() => native.setPersistent(second.fd, true), { code: 'EBADF' });
});

test('a name that a TUN device or another kind of interface has is busy', () => {
  const tun = native.openTun('ipsec0', false);
  assert.equal(tun.vnetHeader, false);
  assert.equal(tun.offloads, 0);
  const busy = {
    code: 'EBUSY',
    errno: 16,
    message: 'creating TUN device ipsec0 (a device of this name exists): Device or resource busy',
  };
  assert.throws(() => native.openTun('ipsec0', true), busy);
  native.closeDescriptor(tun.fd);
  execFileSync('ip', ['link', 'add', 'other0', 'type', 'veth', 'peer', 'name', 'other1']);
  assert.throws(() => native.openTun('other0', true), { code: 'EBUSY' });
  execFileSync('ip', ['link', 'delete', 'other0']);
  assert.throws(() => native.setMtu('other0', 1400), { code: 'ENODEV', errno: 19 });
  assert.throws(() => native.openTun('a/b', true), { code: 'EINVAL' });
});

test('without privileges devices and raw sockets are refused with the errno', () => {
  const asNobody = (work: () => void): void => {
    process.seteuid?.(65_534);
    try {
      work();
    } finally {
      process.seteuid?.(0);
    }
  };
  asNobody(() => {
    const message = /^opening a raw ESP socket for IPv4: Operation not permitted$/;
    assert.throws(() => native.openEspSocket(4, new Uint8Array(4)), { code: 'EPERM', errno: 1, message });
    assert.throws(
      () => native.openTun('ipsec0', true),
      ({ code }) => code === 'EPERM' || code === 'EACCES',
    );
  });
});

for (const offload of [true, false]) {
  test(`TCP crosses a device ${offload ? 'in super-packets' : 'packet by packet'}, both ways`, async (context) => {
    const device = new TunDevice(native, 'ipsec0', offload);
    context.after(() => device.close());
    const server = createServer((socket) => context.after(() => socket.destroy())).listen(7000, '10.9.0.1');
    context.after(() => server.close());
    await once(server, 'listening');
    // The other test's connection may linger: another port than that.
    const ports = [offload ? 40_000 : 40_001, 7000] as const;
    device.write([tcpSegment({ ports, flags: syn, id: 1 }, 999, 0, nothing)]);
    const [answer] = await device.readUntil((packets) => packets.length > 0);
    assert.ok(answer);
    const next = readU32(answer.bytes, 24) + 1;
    const accepted = once(server, 'connection');
    device.write([tcpSegment({ ports, flags: ack, id: 2 }, 1000, next, nothing)]);
    const [socket] = (await accepted) as [Socket];

    await receivesWhatIsWritten(device, socket, ports, next);
    await sendsWhatIsRead(device, socket, offload);
  });
}

/** Twenty segments in one batch reach the host's TCP in order; one with a bad checksum does not. */
async function receivesWhatIsWritten(
  device: TunDevice,
  socket: Socket,
  ports: readonly [number, number],
  next: number,
): Promise<void> {
  const sent = new Uint8Array(20_000).map((_, index) => index * 11);
  const segments = Array.from({ length: 20 }, (_, index) => {
    const part = sent.subarray(index * 1000, (index + 1) * 1000);
    return tcpSegment({ ports, flags: ack, id: 10 + index }, 1000 + index * 1000, next, part);
  });
  const seventh = segments[7];
  assert.ok(seventh);
  const forged = seventh.slice();
  forged[500]! ^= 1;
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  const results = device.write([...segments.slice(0, 7), forged, ...segments.slice(8)]);
  assert.deepEqual(new Set(results), new Set([0]));
  const acknowledged = (packets: readonly ReadPacket[]): boolean =>
    packets.some(({ bytes }) => readU32(bytes, 28) === 1000 + 7000);
  await device.readUntil(acknowledged);
  device.write([seventh]);
  // The kernel acknowledges before the event loop has handed over what came.
  await device.readUntil((packets) => {
    const isAcknowledged = packets.some(({ bytes }) => readU32(bytes, 28) === 21_000);
    return isAcknowledged && Buffer.concat(chunks).length >= sent.length;
  });
  // Two pieces in one batch, the second with PSH on its last.
  const more = Array.from({ length: 9 }, (_, index) => {
    const part = sent.subarray(index * 1000, (index + 1) * 1000);
    return tcpSegment(
      { ports, flags: ack | (index === 8 ? psh : 0), id: 40 + index },
      21_000 + index * 1000,
      next,
      part,
    );
  });
  assert.deepEqual(device.writeJoined([more.slice(0, 6), more.slice(6)]), [0, 0]);
  await device.readUntil((packets) => {
    const isAcknowledged = packets.some(({ bytes }) => readU32(bytes, 28) === 30_000);
    return isAcknowledged && Buffer.concat(chunks).length >= sent.length + 9000;
  });
  socket.removeAllListeners('data');
  assert.deepEqual(new Uint8Array(Buffer.concat(chunks)), Uint8Array.from([...sent, ...sent.subarray(0, 9000)]));
}

/** What the host's TCP sends comes as super-packets, which give good segments with all the bytes in order. */
async function sendsWhatIsRead(device: TunDevice, socket: Socket, offload: boolean): Promise<void> {
  const sent = new Uint8Array(12_000).map((_, index) => index * 5);
  socket.write(sent);
  const payload = ({ bytes }: ReadPacket): number => bytes.length - 20 - (bytes[32]! >> 4) * 4;
  const total = (packets: readonly ReadPacket[]): number => packets.reduce((sum, packet) => sum + payload(packet), 0);
  // The first flight; without acknowledgements no more comes.
  const packets = await device.readUntil((read) => total(read) >= 5000);
  const biggest = Math.max(...packets.map(({ bytes }) => bytes.length));
  assert.ok(offload ? biggest > 1400 : biggest <= 1400, `the biggest packet has ${biggest} bytes`);
  const received: number[] = [];
  for (const packet of packets) {
    const gsoSize = packet.row[TunReadRow.gsoSize]!;
    const segments = device.segments(packet, gsoSize === 0 ? 1 : Math.ceil(payload(packet) / gsoSize));
    for (const segment of segments) {
      assert.ok(segment.length <= 1400 && hasGoodChecksums(segment));
      received.push(...segment.subarray(20 + (segment[32]! >> 4) * 4));
    }
  }
  assert.deepEqual(received, [...sent.subarray(0, received.length)]);
}

test('UDP datagrams of one batch reach a socket one by one, and their answers are read', async (context) => {
  const device = new TunDevice(native, 'ipsec0', true);
  context.after(() => device.close());
  const socket = createSocket('udp4').bind(7001, '10.9.0.1');
  context.after(() => socket.close());
  await once(socket, 'listening');
  const received: number[][] = [];
  socket.on('message', (message) => received.push([message.length, ...new Set(message)]));
  const sizes = [...new Array<number>(30).fill(300), 200, 900];
  const datagrams = sizes.map((size, index) => {
    return udpDatagram([40_001, 7001], 100 + index, new Uint8Array(size).fill(index));
  });
  assert.deepEqual(new Set(device.write(datagrams)), new Set([0]));
  socket.send('an answer', 40_001, '10.9.0.2');
  // The kernel may still send TCP of the test before to the address.
  const isUdp = ({ bytes }: ReadPacket): boolean => bytes[9] === udp;
  const answer = (await device.readUntil((packets) => packets.some(isUdp))).find(isUdp);
  assert.ok(answer);
  const [whole] = device.segments(answer, 1);
  assert.ok(whole && hasGoodChecksums(whole));
  assert.equal(new TextDecoder().decode(whole.subarray(28)), 'an answer');
  assert.deepEqual(
    received,
    sizes.map((size, index) => [size, index]),
  );
});

test('a device that is down gives EIO for a write', (context) => {
  const device = new TunDevice(native, 'ipsec0', true);
  context.after(() => device.close());
  native.setUp('ipsec0', false);
  const packets = [0, 1, 2].map((id) => udpDatagram([1, 2], id, new Uint8Array(100)));
  assert.deepEqual(device.write(packets), [-5, -5, -5]);
});

/** One row of bytes from the arena's start to entry 0 of the table. */
function sendRow(socket: number, length: number, segmentBytes: number, { tos = 0, ttl = 64, flags = 0 }): Int32Array {
  const row = new Int32Array(SendRow.stride).fill(-99);
  row[SendRow.socket] = socket;
  row[SendRow.offset] = 0;
  row[SendRow.length] = length;
  row[SendRow.segmentBytes] = segmentBytes;
  row[SendRow.address] = 0;
  row[SendRow.tos] = tos;
  row[SendRow.ttl] = ttl;
  row[SendRow.flags] = flags;
  return row;
}

const loopback = { 4: [127, 0, 0, 1], 6: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1] } as const;

/** Send two ESP packets of 200 and 100 bytes to ourselves; gives what arrives. */
function throughRawSocket(family: 4 | 6, { tos = 0, ttl = 64, flags = 0 }): { row: Int32Array; bytes: Uint8Array }[] {
  const fd = native.openEspSocket(family, new Uint8Array(loopback[family]));
  const entry = new Uint8Array(AddressEntry.stride);
  entry.set(loopback[family]);
  entry[AddressEntry.family] = family;
  const esp = new Uint8Array(300).map((_, index) => index);
  const send = sendRow(fd, 300, 200, { tos, ttl, flags });
  native.send(send, 1, esp, entry);
  assert.equal(send[SendRow.result], 2);
  const arena = new Uint8Array(4 * receiveSlotBytes);
  const rows = new Int32Array(4 * ReceiveRow.stride);
  const senders = new Uint8Array(4 * AddressEntry.stride);
  assert.equal(native.receive(fd, arena, rows, senders, 4), 2);
  assert.deepEqual(senders.subarray(0, AddressEntry.stride), entry, 'no port');
  native.closeDescriptor(fd);
  return [0, 1].map((index) => {
    const row = rows.slice(index * ReceiveRow.stride, (index + 1) * ReceiveRow.stride);
    const start = row[ReceiveRow.offset]!;
    return { row, bytes: arena.slice(start, start + row[ReceiveRow.length]!) };
  });
}

test('raw ESP over IPv4 arrives behind its IP header, with TTL, TOS and DF as asked', () => {
  for (const [tos, ttl, flags, fragmentField] of [
    [0, 64, 0, 0],
    [0xb9, 3, SendFlag.dontFragment, 0x40],
    [0, 255, 0, 0],
  ] as const) {
    const [first, second] = throughRawSocket(4, { tos, ttl, flags });
    assert.ok(first && second);
    assert.deepEqual([first.row[ReceiveRow.tos], first.row[ReceiveRow.segmentBytes]], [-1, 220]);
    const [, gotTos, , , , , gotFragment, , gotTtl, protocol] = first.bytes;
    assert.deepEqual([gotTos, gotFragment, gotTtl, protocol], [tos, fragmentField, ttl, 50]);
    assert.equal(second.bytes.length, 120);
    assert.equal(second.bytes[20], 200);
  }
});

test('raw ESP over IPv6 arrives without a header, with its traffic class and with flow label 0', () => {
  for (const tos of [0, 0xb9]) {
    const [first, second] = throughRawSocket(6, { tos });
    assert.ok(first && second);
    assert.deepEqual([...first.row.subarray(0, ReceiveRow.flowLabel + 1)], [0, 200, 200, tos, 0, 0]);
    assert.deepEqual(
      second.bytes,
      new Uint8Array(100).map((_, index) => 200 + index),
    );
  }
});

test('a thread that hears raw ESP and UDP in turn is told the sender of each, and the traffic class of UDP', () => {
  const remote = Uint8Array.of(127, 0, 0, 1);
  const local = Uint8Array.of(127, 0, 0, 2);
  const udpFrom = native.openUdpSocket(4, remote, 0);
  const udpTo = native.openUdpSocket(4, local, 0);
  const [from, to] = [native.openEspSocket(4, remote), native.openEspSocket(4, local)];
  const entry = new Uint8Array(AddressEntry.stride);
  entry.set(local);
  entry[AddressEntry.family] = 4;
  new DataView(entry.buffer).setUint16(AddressEntry.port, udpTo.port);
  const arena = new Uint8Array(4 * receiveSlotBytes);
  const [rows, senders] = [new Int32Array(4 * ReceiveRow.stride), new Uint8Array(4 * AddressEntry.stride)];
  for (const [source, target, tos, port] of [
    [from, to, -1, 0],
    [udpFrom.fd, udpTo.fd, 0xb9, udpFrom.port],
    [from, to, -1, 0],
  ] as const) {
    native.send(sendRow(source, 100, 100, { tos: 0xb9 }), 1, new Uint8Array(100), entry);
    assert.equal(native.receive(target, arena, rows, senders, 4), 1);
    assert.equal(rows[ReceiveRow.tos], tos);
    assert.deepEqual([...senders.subarray(0, 4), senders[AddressEntry.family]], [...remote, 4]);
    assert.equal(new DataView(senders.buffer).getUint16(AddressEntry.port), port);
  }
  for (const fd of [from, to, udpFrom.fd, udpTo.fd]) native.closeDescriptor(fd);
});

test('ESP above the path MTU is fragmented by the kernel, and comes back whole', () => {
  const fd = native.openEspSocket(4, new Uint8Array(loopback[4]));
  const entry = new Uint8Array(AddressEntry.stride);
  entry.set(loopback[4]);
  entry[AddressEntry.family] = 4;
  execFileSync('ip', ['link', 'set', 'lo', 'mtu', '1500']);
  const send = sendRow(fd, 4000, 4000, {});
  native.send(send, 1, new Uint8Array(4000).fill(9), entry);
  assert.equal(send[SendRow.result], 1);
  send[SendRow.flags] = SendFlag.dontFragment;
  native.send(send, 1, new Uint8Array(4000).fill(9), entry);
  assert.equal(send[SendRow.result], -90, 'EMSGSIZE with DF');
  const rows = new Int32Array(2 * ReceiveRow.stride);
  assert.equal(
    native.receive(fd, new Uint8Array(2 * receiveSlotBytes), rows, new Uint8Array(2 * AddressEntry.stride), 2),
    1,
  );
  assert.equal(rows[ReceiveRow.length], 4020);
  execFileSync('ip', ['link', 'set', 'lo', 'mtu', '65536']);
  native.closeDescriptor(fd);
});

test("the path MTU is the route's, and unknown where there is no route", () => {
  const fd = native.openEspSocket(4, new Uint8Array(loopback[4]));
  const entries = new Uint8Array(2 * AddressEntry.stride);
  entries.set(loopback[4]);
  entries.set([198, 51, 100, 1], AddressEntry.stride);
  for (const index of [0, 1]) entries[index * AddressEntry.stride + AddressEntry.family] = 4;
  execFileSync('ip', ['link', 'set', 'lo', 'mtu', '1500']);
  assert.equal(native.pathMtu(fd, entries, 0), 1500);
  execFileSync('ip', ['link', 'set', 'lo', 'mtu', '65536']);
  assert.ok(native.pathMtu(fd, entries, 1) < 0, 'no route');
  assert.ok(native.pathMtu(fd, entries, 2) < 0, 'no entry');
  native.closeDescriptor(fd);
});

test('a run that the kernel refuses to segment goes out datagram by datagram', () => {
  execFileSync('ip', ['link', 'set', 'lo', 'mtu', '1500']);
  const from = native.openUdpSocket(4, new Uint8Array(loopback[4]), 0);
  const to = native.openUdpSocket(4, new Uint8Array(loopback[4]), 0);
  const entry = new Uint8Array(AddressEntry.stride);
  entry.set(loopback[4]);
  entry.set([to.port >> 8, to.port & 255, 4], AddressEntry.port);
  const send = sendRow(from.fd, 9000, 2000, {});
  native.send(send, 1, new Uint8Array(9000), entry);
  assert.equal(send[SendRow.result], 5);
  const rows = new Int32Array(8 * ReceiveRow.stride);
  const arena = new Uint8Array(8 * receiveSlotBytes);
  assert.equal(native.receive(to.fd, arena, rows, new Uint8Array(8 * AddressEntry.stride), 8), 5);
  execFileSync('ip', ['link', 'set', 'lo', 'mtu', '65536']);
  native.closeDescriptor(from.fd);
  native.closeDescriptor(to.fd);
});
