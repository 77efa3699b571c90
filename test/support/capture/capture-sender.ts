/**
 * ESP packets for captures: an association in setkey's words, and whole outer packets sealed for it.
 * @module
 */
import { PortableTransform } from '#core/crypto/portable-transform.ts';
import { buildIpPacket, buildUdpPacket } from '#core/host/memory/ip-packet.ts';
import { SeededRandom } from '#core/host/memory/seeded-random.ts';
import { parseIpAddress } from '#core/ip/address.ts';
import { IpProtocol } from '#core/ip/protocol.ts';
import { sealEsp } from '#test/support/packet/esp-sealer.ts';
import { nullSpec } from '#test/support/test-datapath.ts';

/** SPI of the association. */
export const captureSpi = 0x1000;

/** `add` of an association of NULL encryption and HMAC-SHA2-256, with the key of `nullSpec`. */
export function captureAssociation(options = '', ports: readonly [number, number] | null = null): string {
  const [source, destination] = ports === null ? ['', ''] : [`[${ports[0]}]`, `[${ports[1]}]`];
  const key = `0x${'09'.repeat(32)}`;
  const endpoints = `192.0.2.1${source} 192.0.2.2${destination} ${ports === null ? 'esp' : 'esp-udp'}`;
  return `add ${endpoints} ${captureSpi} ${options} -E null -A hmac-sha256 ${key} ;\n`;
}

/** How a packet is sent. */
export type SentPacket = {
  readonly sequence: number;
  readonly hasEsn?: boolean;
  readonly spi?: number;
  readonly inner?: Uint8Array;
  /** In UDP, with these ports. */
  readonly ports?: readonly [number, number];
  readonly source?: string;
  readonly destination?: string;
};

/** An inner packet that is told from others by its number. */
export function capturedInner(number: number): Uint8Array {
  const source = parseIpAddress('10.1.0.1');
  const destination = parseIpAddress('10.2.0.1');
  return buildIpPacket({ source, destination, protocol: 253 }, Uint8Array.of(number >>> 8, number & 0xff));
}

/** The whole outer packet. */
export function sendCaptured(packet: SentPacket): Uint8Array {
  const { sequence, hasEsn = false, spi = captureSpi, inner = capturedInner(sequence % 0x1_0000), ports } = packet;
  const transforms = new PortableTransform(new SeededRandom(2));
  const payload = sealEsp(transforms, transforms.create(nullSpec), { spi, sequence, hasEsn, inner });
  const source = parseIpAddress(packet.source ?? '192.0.2.1');
  const destination = parseIpAddress(packet.destination ?? '192.0.2.2');
  if (ports === undefined) return buildIpPacket({ source, destination, protocol: IpProtocol.esp }, payload);
  const [sourcePort, destinationPort] = ports;
  return buildUdpPacket({ source, destination, sourcePort, destinationPort, payload });
}
