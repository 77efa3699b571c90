/**
 * How many packets a TUN read's super-packet stands for (virtio-net gso_type), from the headers that are really there:
 * sequence numbers are reserved one per segment, so the count must be the engine's to the packet.
 *
 * Not here: the segmentation itself, which the transform does while it seals.
 * @module
 */
import { IpProtocol } from '#core/ip/protocol.ts';
import type { IpHeader } from './ip-header.ts';

/** virtio-net gso_type values that a TUN device is asked for. */
export const GsoType = { none: 0, tcp4: 1, tcp6: 4, udp: 5 } as const;

/** virtio-net's flag beside the type: the flow uses ECN. Segmentation is the same. */
const gsoEcnFlag = 0x80;

/** The type without its ECN flag. */
export function plainGsoType(gsoType: number): number {
  return gsoType & ~gsoEcnFlag;
}

/**
 * Bytes of headers that every segment repeats; -1 when the headers do not fit the type.
 * `header` has read the packet at `offset`; it also holds the upper layer afterwards.
 */
export function repeatedHeaderLength(header: IpHeader, bytes: Uint8Array, offset: number, gsoType: number): number {
  if (!header.findUpperLayer(bytes, offset) || header.isFragment) return -1;
  if (gsoType === GsoType.udp) {
    return header.protocol === IpProtocol.udp ? withPayload(header, header.upperOffset + 8) : -1;
  }
  const family = gsoType === GsoType.tcp4 ? 4 : gsoType === GsoType.tcp6 ? 6 : 0;
  if (header.family !== family || header.protocol !== IpProtocol.tcp) return -1;
  if (header.upperOffset + 20 > header.totalLength) return -1;
  const dataOffset = (bytes[offset + header.upperOffset + 12]! >>> 4) << 2;
  return dataOffset < 20 ? -1 : withPayload(header, header.upperOffset + dataOffset);
}

/** Into how many packets of which sizes one read falls; reused for every read. */
export class SegmentCount {
  segments = 1;
  /** Bytes of each inner packet but the last. */
  segmentBytes = 0;
  lastSegmentBytes = 0;

  /** Measure the packet at `offset` that `header` has read. False when the offload fields do not fit it; then it counts as one. */
  measure(
    header: IpHeader,
    bytes: Uint8Array,
    offset: number,
    length: number,
    gsoType: number,
    gsoSize: number,
  ): boolean {
    const { totalLength } = header;
    this.segments = 1;
    this.segmentBytes = totalLength;
    this.lastSegmentBytes = totalLength;
    if (gsoType === GsoType.none) return true;
    const headerBytes = repeatedHeaderLength(header, bytes, offset, gsoType);
    if (headerBytes < 0 || gsoSize <= 0 || totalLength !== length) return false;
    const payload = totalLength - headerBytes;
    this.segments = Math.ceil(payload / gsoSize);
    this.lastSegmentBytes = headerBytes + payload - (this.segments - 1) * gsoSize;
    if (this.segments > 1) this.segmentBytes = headerBytes + gsoSize;
    return true;
  }

  /** Bytes of all of them. */
  totalBytes(): number {
    return (this.segments - 1) * this.segmentBytes + this.lastSegmentBytes;
  }
}

/** A segment needs payload. */
function withPayload(header: IpHeader, headerLength: number): number {
  return headerLength < header.totalLength ? headerLength : -1;
}
