/**
 * Mutated inner packets from a device, with and without offload.
 * @module
 */
import { buildIpPacket, buildUdpPacket } from '#core/host/memory/ip-packet.ts';
import { parseIpAddress } from '#core/ip/address.ts';
import { innerPackets } from './corpus.ts';
import { fuzz } from './fuzz.ts';
import { OutboundTarget, type PacketTemplate } from './outbound-target.ts';

const pair4 = { source: parseIpAddress('10.1.0.1'), destination: parseIpAddress('10.2.0.1') };
const pair6 = { source: parseIpAddress('fd00:1::1'), destination: parseIpAddress('fd00:2::1') };
const ports = { sourcePort: 5000, destinationPort: 53 };
/** Larger than the interface's MTU of 1400. */
const tooBigBytes = 1500;
const plain = { gsoType: 0, gsoSize: 0, checksum: null } as const;

/** Our own ESP, come back to the device: SPI and outer addresses of the target's first association. */
const ownEsp = buildIpPacket(
  { source: parseIpAddress('192.0.2.2'), destination: parseIpAddress('192.0.2.1'), protocol: 50 },
  Uint8Array.of(0, 0, 0x20, 1, 0, 0, 0, 1, 0, 0, 0, 0),
);
const small: readonly PacketTemplate[] = [...innerPackets(), ownEsp].map((bytes) => ({ ...plain, bytes }));
const tooBig: readonly PacketTemplate[] = [
  buildUdpPacket({ ...pair4, ...ports, payload: new Uint8Array(tooBigBytes), hasDontFragment: true }),
  buildUdpPacket({ ...pair6, ...ports, payload: new Uint8Array(tooBigBytes) }),
].map((bytes) => ({ ...plain, bytes }));
const superPackets: readonly PacketTemplate[] = [
  { bytes: buildIpPacket({ ...pair4, protocol: 6 }, tcp(500)), gsoType: 1, gsoSize: 100, checksum: at(20, 16) },
  { bytes: buildIpPacket({ ...pair6, protocol: 6 }, tcp(450)), gsoType: 4, gsoSize: 200, checksum: at(40, 16) },
  {
    bytes: buildUdpPacket({ ...pair4, ...ports, payload: new Uint8Array(400) }),
    ...{ gsoType: 5, gsoSize: 90, checksum: at(20, 6) },
  },
];

fuzz('inner packets: never a throw, each is sent or dropped for a reason, answers are whole packets', (random) => {
  return new OutboundTarget(random, [...small, ...tooBig]);
});

fuzz('super-packets with offload fields: each counts as its segments', (random) => {
  return new OutboundTarget(random, [...superPackets, ...small.slice(-8), ...tooBig]);
});

function tcp(payloadBytes: number): Uint8Array {
  const segment = new Uint8Array(20 + payloadBytes);
  segment[12] = 0x50;
  return segment;
}

function at(start: number, offset: number): { readonly start: number; readonly offset: number } {
  return { start, offset };
}
