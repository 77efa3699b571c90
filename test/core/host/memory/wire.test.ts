import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readU16 } from '#core/base/bytes.ts';
import { AddressEntry, ReceiveRow, receiveSlotBytes, SendFlag, SendRow } from '#core/datapath/ports.ts';
import { buildTwoGateways } from '#core/host/memory/two-gateways.ts';
import { buildIpPacket } from '#core/host/memory/ip-packet.ts';
import { MemoryWire } from '#core/host/memory/wire.ts';
import { addressBytes16 } from '#core/ip/address.ts';
import { present } from '#test/fixtures/read-fixture.ts';

/** A socket at each end of the wire, on machines that no gateway uses. */
function makeSockets(kind: 'esp' | 'udp', family: 4 | 6) {
  const network = buildTwoGateways();
  const { a, b, clock } = network;
  const localPort = kind === 'udp' ? 4500 : 0;
  const sender = new MemoryWire(a.router);
  const receiver = new MemoryWire(b.router);
  let queued = 0;
  sender.open(1, { kind, family, localAddress: a.wireAddress[family], localPort }, () => undefined);
  receiver.open(2, { kind, family, localAddress: b.wireAddress[family], localPort }, () => queued++);
  const addresses = new Uint8Array(2 * AddressEntry.stride);
  addresses.set(addressBytes16(b.wireAddress[family]), AddressEntry.stride);
  addresses.set([localPort >>> 8, localPort & 255, family], AddressEntry.stride + AddressEntry.port);
  const send = (bytes: Uint8Array, segmentBytes: number, flags = 0, socket = 1, ttl = 64): number => {
    const rows = new Int32Array(SendRow.stride);
    rows.set([socket, 0, bytes.length, segmentBytes, 1, 0x2e, flags, ttl]);
    sender.send(rows, 1, bytes, addresses);
    clock.advance(5);
    return rows[SendRow.result]!;
  };
  const packets: Uint8Array[] = [];
  network.wire.tap((packet) => void packets.push(packet.slice()));
  const receive = () => {
    const arena = new Uint8Array(8 * receiveSlotBytes);
    const rows = new Int32Array(8 * ReceiveRow.stride);
    const senders = new Uint8Array(8 * AddressEntry.stride);
    return { count: receiver.receive(2, arena, rows, senders, 8), arena, rows, senders };
  };
  return { network, sender, receiver, send, receive, packets, queued: () => queued };
}

describe('sockets of the in-process network', () => {
  test('a run goes out as one packet for each segment, with the TTL, the TOS and no DF', () => {
    const { send, packets } = makeSockets('esp', 4);
    assert.equal(send(new Uint8Array(250).fill(1), 100, 0, 1, 63), 3);
    assert.deepEqual(
      packets.map((packet) => [packet.length, packet[1], packet[6], packet[8], packet[9]]),
      [120, 120, 70].map((length) => [length, 0x2e, 0, 63, 50]),
    );
    assert.equal(new Set(packets.map((packet) => readU16(packet, 4))).size, 3);
  });

  test('DF is set where asked for', () => {
    const { send, packets } = makeSockets('esp', 4);
    send(new Uint8Array(50), 50, SendFlag.dontFragment);
    assert.equal(present(packets[0])[6], 0x40);
  });

  test('a packet with DF that is larger than the path is refused with EMSGSIZE, one without is cut', () => {
    const { send, sender, packets, network } = makeSockets('esp', 4);
    assert.equal(send(new Uint8Array(1600), 1600, SendFlag.dontFragment), -90);
    assert.equal(send(new Uint8Array(1600), 1600), 1);
    assert.deepEqual(
      packets.map((packet) => packet.length),
      [1500, 140],
    );
    const table = new Uint8Array(AddressEntry.stride);
    table.set(addressBytes16(network.b.wireAddress[4]));
    assert.deepEqual([sender.pathMtu(1, table, 0), sender.pathMtu(9, table, 0)], [1500, -9]);
  });

  test('outer IPv6 is cut to 1280 bytes where asked for, to the link otherwise, and comes together again', () => {
    const { send, packets, receive } = makeSockets('udp', 6);
    const payload = Uint8Array.from({ length: 1400 }, (_, index) => index);
    for (const flags of [SendFlag.minimumMtu, 0]) send(payload, 1400, flags);
    send(new Uint8Array(1600), 1600);
    assert.deepEqual(
      packets.map((packet) => [packet.length, packet[6]]),
      [
        [1280, 44],
        [224, 44],
        [1448, 17],
        [1496, 44],
        [208, 44],
      ],
    );
    const { count, arena, rows } = receive();
    assert.equal(count, 3);
    assert.deepEqual(arena.slice(0, rows[ReceiveRow.length]), payload);
  });

  test('IP in IP in clear text comes with its header, for the datapath to refuse', () => {
    for (const family of [4, 6] as const) {
      const { network, receive } = makeSockets('esp', family);
      const pair = { source: network.a.wireAddress[family], destination: network.b.wireAddress[family] };
      for (const protocol of [4, 41]) network.a.router.send(buildIpPacket({ ...pair, protocol }, new Uint8Array(40)));
      network.clock.advance(5);
      const { count, rows } = receive();
      assert.deepEqual([count, rows[ReceiveRow.tos]], [2, -1]);
    }
  });

  test('a raw IPv4 socket gives the outer header, an IPv6 one the payload and the traffic class', () => {
    for (const family of [4, 6] as const) {
      const { network, send, receive, queued } = makeSockets('esp', family);
      send(Uint8Array.of(1, 2, 3, 4), 4);
      const { count, rows, senders } = receive();
      assert.deepEqual([count, queued()], [1, 1]);
      assert.equal(rows[ReceiveRow.length], family === 4 ? 24 : 4);
      assert.equal(rows[ReceiveRow.tos], family === 4 ? -1 : 0x2e);
      assert.deepEqual(senders.slice(0, 16), addressBytes16(network.a.wireAddress[family]));
      assert.equal(senders[AddressEntry.family], family);
    }
  });

  test('a UDP socket gives payload, TOS and the sender’s port; checksum 0 over IPv4 only (RFC 3948 §2.1)', () => {
    for (const family of [4, 6] as const) {
      const { send, receive, packets } = makeSockets('udp', family);
      send(Uint8Array.of(1, 2, 3, 4), 4);
      const { count, arena, rows, senders } = receive();
      assert.equal(count, 1);
      assert.deepEqual([...arena.subarray(0, 4)], [1, 2, 3, 4]);
      assert.deepEqual([rows[ReceiveRow.tos], readU16(senders, AddressEntry.port)], [0x2e, 4500]);
      const checksum = readU16(present(packets[0]), (family === 4 ? 20 : 40) + 6);
      assert.equal(checksum === 0, family === 4);
    }
  });

  test('what no link carries in one piece arrives whole', () => {
    const { send, receive } = makeSockets('esp', 4);
    send(new Uint8Array(3000).fill(9), 3000);
    const { count, rows } = receive();
    assert.deepEqual([count, rows[ReceiveRow.length]], [1, 3020]);
  });

  test('a closed socket neither sends nor receives', () => {
    const { sender, receiver, send, receive } = makeSockets('udp', 4);
    receiver.close(2);
    send(new Uint8Array(4), 4);
    assert.ok(receive().count < 0);
    sender.close(1);
    assert.ok(send(new Uint8Array(4), 4) < 0);
  });
});
