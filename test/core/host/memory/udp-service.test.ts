import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildTwoGateways } from '#core/host/memory/two-gateways.ts';
import { buildUdpPacket } from '#core/host/memory/ip-packet.ts';
import type { ReceivedDatagram } from '#core/host/memory/udp-service.ts';
import { writeIpv4Checksum } from '#core/ip/ipv4.ts';
import { present } from '#test/fixtures/read-fixture.ts';

function makePair(): {
  deliver: (change: (packet: Uint8Array) => void, port?: number) => void;
  got: ReceivedDatagram[];
  network: ReturnType<typeof buildTwoGateways>;
} {
  const network = buildTwoGateways();
  const { a, b, clock } = network;
  const got: ReceivedDatagram[] = [];
  b.router.udp.bind(b.wireAddress[4], 500, (datagram) => void got.push(datagram));
  const deliver = (change: (packet: Uint8Array) => void, destinationPort = 500): void => {
    const pair = { source: a.wireAddress[4], destination: b.wireAddress[4] };
    const packet = buildUdpPacket({
      ...pair,
      sourcePort: 77,
      destinationPort,
      payload: Uint8Array.of(1, 2, 3, 4),
      tos: 3,
    });
    change(packet);
    writeIpv4Checksum(packet, 0);
    b.router.receive('wm0', packet);
    clock.advance(1);
  };
  return { deliver, got, network };
}

test('a datagram reaches its port with sender, TOS and payload', () => {
  const { deliver, got, network } = makePair();
  deliver(() => undefined);
  const { source, destination, sourcePort, tos, payload } = present(got[0]);
  assert.deepEqual([source, destination, sourcePort, tos], [network.a.wireAddress[4], network.b.wireAddress[4], 77, 3]);
  assert.deepEqual([...payload], [1, 2, 3, 4]);
});

test('a wrong checksum, a length beyond the packet or below the header, and a port of nobody are refused (RFC 768)', () => {
  const { deliver, got, network } = makePair();
  deliver((packet) => void (packet[26]! ^= 1));
  deliver((packet) => void packet.set([0, 13], 24));
  deliver((packet) => void packet.set([0, 7], 24));
  deliver(() => undefined, 501);
  assert.deepEqual([got.length, network.b.router.drops.udp], [0, 4]);
});

test('a length below what is there cuts the rest off', () => {
  const { deliver, got } = makePair();
  deliver((packet) => packet.set([0, 10, 0, 0], 24));
  assert.deepEqual([...present(got[0]).payload], [1, 2]);
});

test('a port is taken once, and free again afterwards', () => {
  const { network } = makePair();
  const { udp } = network.a.router;
  const close = udp.bind(null, 4500, () => undefined);
  assert.throws(() => udp.bind(null, 4500, () => undefined));
  assert.ok(udp.isBound(null, 4500));
  close();
  assert.ok(!udp.isBound(null, 4500));
});
