/**
 * ESP packets made to order with a transform: any sequence number, any next header, any inner bytes.
 * @module
 */
import { SealFlag, SealRow, type TransformPort } from '#core/crypto/transform.ts';
import { IpProtocol } from '#core/ip/protocol.ts';

/** What an ESP packet says. */
export type EspPacket = {
  readonly spi: number;
  readonly sequence: number;
  readonly inner: Uint8Array;
  readonly nextHeader?: number;
  readonly hasEsn?: boolean;
  readonly ivHigh?: number;
  readonly ivLow?: number;
};

/** Seal one packet; from the SPI to the ICV. */
export function sealEsp(transforms: TransformPort, transform: number, packet: EspPacket): Uint8Array {
  const rows = new Int32Array(SealRow.stride);
  rows[SealRow.sourceLength] = packet.inner.length;
  rows[SealRow.transform] = transform;
  rows[SealRow.spi] = packet.spi;
  rows[SealRow.sequenceLow] = packet.sequence;
  rows[SealRow.sequenceHigh] = Math.floor(packet.sequence / 0x1_0000_0000);
  rows[SealRow.ivHigh] = packet.ivHigh ?? 0;
  rows[SealRow.ivLow] = packet.ivLow ?? packet.sequence;
  rows[SealRow.nextHeader] = packet.nextHeader ?? IpProtocol.ipv4;
  rows[SealRow.flags] = packet.hasEsn === true ? SealFlag.esn : 0;
  rows[SealRow.segmentCount] = 1;
  const destination = new Uint8Array(packet.inner.length + 512);
  transforms.seal(rows, 1, packet.inner, destination);
  const length = rows[SealRow.outLength]!;
  if (length < 0) throw new Error(`sealing failed with ${length}`);
  return destination.slice(rows[SealRow.outOffset], rows[SealRow.outOffset]! + length);
}
