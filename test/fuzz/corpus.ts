/**
 * What mutation starts from: the inner packets of the published and generated vectors, a few more with everything that
 * headers can have, and ESP packets around them as `PassingTransform` reads them.
 * @module
 */
import { buildIpPacket, buildUdpPacket } from '#core/host/memory/ip-packet.ts';
import { parseIpAddress } from '#core/ip/address.ts';
import { hexBytes, readFixture } from '#test/fixtures/read-fixture.ts';

type GeneratedVectors = { readonly vectors: readonly { readonly innerPacket?: string }[] };
type HostileVectors = { readonly cases: readonly { readonly steps: readonly { readonly packet?: string }[] }[] };

const pair4 = { source: parseIpAddress('10.1.0.1'), destination: parseIpAddress('10.2.0.1') };
const pair6 = { source: parseIpAddress('fd00:1::1'), destination: parseIpAddress('fd00:2::1') };
/** Longer ones say nothing more to a parser of headers, and cost time. */
const longestBytes = 400;

/** Whole IP packets of both versions. */
export function innerPackets(): readonly Uint8Array[] {
  const ports = { sourcePort: 5000, destinationPort: 53 };
  const { vectors } = readFixture<GeneratedVectors>('generated-vectors.json');
  const published = vectors.flatMap(({ innerPacket }) => (innerPacket === undefined ? [] : [hexBytes(innerPacket)]));
  return [
    ...published.filter(({ length }) => length > 0 && length <= longestBytes),
    buildUdpPacket({ ...pair4, ...ports, payload: new Uint8Array(20), tos: 2 }),
    buildUdpPacket({ ...pair6, ...ports, payload: new Uint8Array(20), tos: 3 }),
    buildIpPacket({ ...pair4, protocol: 1, hasDontFragment: true }, Uint8Array.of(8, 0, 0xf7, 0xff, 0, 0, 0, 0)),
    buildIpPacket({ ...pair4, protocol: 1 }, Uint8Array.of(3, 4, 0, 0, 0, 0, 5, 0, 0x45, 0, 0, 20)),
    buildIpPacket({ ...pair4, protocol: 50 }, Uint8Array.of(0, 0, 0x20, 1, 0, 0, 0, 1, 2, 3, 4, 4)),
    buildIpPacket({ ...pair6, protocol: 0 }, extensionHeaders()),
    buildIpPacket({ ...pair6, protocol: 44 }, Uint8Array.of(17, 0, 0, 1, 0, 0, 0, 9, ...new Uint8Array(16))),
  ];
}

/** Hop-by-hop options, routing, destination options, an atomic fragment header, and ICMPv6. */
function extensionHeaders(): Uint8Array {
  const option = [1, 4, 0, 0, 0, 0];
  const headers = [
    [43, 0, ...option],
    [60, 0, 0, 0, 0, 0, 0, 0],
    [44, 0, ...option],
    [58, 0, 0, 0, 0, 0, 0, 7],
  ];
  return Uint8Array.from([...headers.flat(), 128, 0, 0, 0, 0, 1, 0, 1]);
}

/** An ESP packet in the clear: header, inner packet, padding to four bytes, trailer (RFC 4303 §2). */
export function clearEsp(spi: number, inner: Uint8Array): Uint8Array {
  const padding = (4 - ((inner.length + 2) & 3)) & 3;
  const bytes = new Uint8Array(8 + inner.length + padding + 2);
  new DataView(bytes.buffer).setUint32(0, spi);
  bytes.set(inner, 8);
  for (let index = 0; index < padding; index++) bytes[8 + inner.length + index] = index + 1;
  bytes[bytes.length - 2] = padding;
  bytes[bytes.length - 1] = inner[0]! >>> 4 === 4 ? 4 : 41;
  return bytes;
}

/** The hostile packets of the vectors, outer IPv4 header in front. */
export function hostilePackets(): readonly Uint8Array[] {
  const { cases } = readFixture<HostileVectors>('negative-vectors.json');
  const packets = cases.flatMap(({ steps }) =>
    steps.flatMap(({ packet }) => (packet === undefined ? [] : [hexBytes(packet)])),
  );
  return packets.filter(({ length }) => length > 0 && length <= longestBytes);
}
