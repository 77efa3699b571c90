/**
 * Sealing one ESP packet with a portable suite (RFC 4303 §3.3.2): header, IV, padding, encryption, ICV, in this order.
 * @module
 */
import { writeU32 } from '#core/base/bytes.ts';
import type { Random } from '#core/base/port.ts';
import { completePartialChecksum } from '#core/ip/checksum.ts';
import { additionalData, integritySuffix, nonceOf } from './portable-input.ts';
import type { PortableSuite } from './portable-suite.ts';
import { ciphertextBytes, espHeaderBytes, trailerBytes } from './suite-shape.ts';
import { tfcPaddedBytes } from './tfc-padding.ts';
import { paddingKinds, SealError, SealFlag, SealRow } from './transform.ts';

/** The longest packet that an IP header can name. */
const longestPacket = 65535;

/**
 * Run the job in `row` with `suite` from `source` to `destination[at…]`.
 * Returns the length of the ESP packet or a negative `SealError`; the caller writes the out columns.
 */
export function sealPacket(
  suite: PortableSuite,
  row: Int32Array,
  source: Uint8Array,
  destination: Uint8Array,
  at: number,
  random: Random,
): number {
  const innerLength = row[SealRow.sourceLength]!;
  const sourceOffset = row[SealRow.sourceOffset]!;
  if (row[SealRow.gsoType] !== 0 || row[SealRow.segmentCount] !== 1) return SealError.segmentation;
  if (sourceOffset < 0 || innerLength < 0 || sourceOffset + innerLength > source.length) return SealError.segmentation;
  const [multiple, limit] = [row[SealRow.tfcMultiple]!, row[SealRow.tfcLimit]!];
  if (multiple < 0 || limit < 0) return SealError.segmentation;
  const payloadLength = tfcPaddedBytes(innerLength, multiple, limit);
  const bodyLength = ciphertextBytes(payloadLength, suite.blockBytes);
  const length = espHeaderBytes + suite.ivBytes + bodyLength + suite.icvBytes;
  if (length > longestPacket || at + length > destination.length) return SealError.tooLong;
  const packet = destination.subarray(at, at + length);
  const bodyAt = espHeaderBytes + suite.ivBytes;
  packet.set(source.subarray(sourceOffset, sourceOffset + innerLength), bodyAt);
  packet.fill(0, bodyAt + innerLength, bodyAt + payloadLength);
  if (!completeChecksum(row, packet, bodyAt, innerLength)) return SealError.segmentation;
  writeHeader(suite, row, packet, random);
  writeTrailer(suite, packet, bodyAt + payloadLength, bodyAt + bodyLength, row[SealRow.nextHeader]!, random);
  encryptAndAuthenticate(suite, row, packet, bodyAt, bodyAt + bodyLength);
  return length;
}

function completeChecksum(row: Int32Array, packet: Uint8Array, bodyAt: number, innerLength: number): boolean {
  if ((row[SealRow.flags]! & SealFlag.needsChecksum) === 0) return true;
  const { csumStart, csumOffset } = SealRow;
  return completePartialChecksum(packet, bodyAt, innerLength, row[csumStart]!, row[csumOffset]!);
}

function writeHeader(suite: PortableSuite, row: Int32Array, packet: Uint8Array, random: Random): void {
  writeU32(packet, 0, row[SealRow.spi]!);
  writeU32(packet, 4, row[SealRow.sequenceLow]!);
  if (suite.hasCounterIv) {
    writeU32(packet, espHeaderBytes, row[SealRow.ivHigh]!);
    writeU32(packet, espHeaderBytes + 4, row[SealRow.ivLow]!);
  } else if (suite.ivBytes > 0) {
    // A CBC IV must not be predictable (RFC 3602 §3).
    random.fill(packet.subarray(espHeaderBytes, espHeaderBytes + suite.ivBytes));
  }
}

function writeTrailer(
  suite: PortableSuite,
  packet: Uint8Array,
  start: number,
  end: number,
  nextHeader: number,
  random: Random,
): void {
  const padLength = end - start - trailerBytes;
  const padding = packet.subarray(start, start + padLength);
  if (suite.padding === paddingKinds.random) random.fill(padding);
  else
    for (let index = 0; index < padLength; index++)
      padding[index] = suite.padding === paddingKinds.zero ? 0 : index + 1;
  packet[end - 2] = padLength;
  packet[end - 1] = nextHeader;
}

/** Encrypt first, then MAC (RFC 4303 §3.3.2.1). */
function encryptAndAuthenticate(
  suite: PortableSuite,
  row: Int32Array,
  packet: Uint8Array,
  bodyAt: number,
  bodyEnd: number,
): void {
  const hasEsn = (row[SealRow.flags]! & SealFlag.esn) !== 0;
  const sequenceHigh = row[SealRow.sequenceHigh]!;
  const aad = suite.isAead ? additionalData(packet, hasEsn, sequenceHigh) : noBytes;
  const input = { key: suite.key, nonce: nonceOf(suite, packet), aad };
  packet.set(suite.cipher.encrypt(input, packet.subarray(bodyAt, bodyEnd)), bodyAt);
  if (suite.mac === null) return;
  const mac = suite.mac.compute(packet.subarray(0, bodyEnd), integritySuffix(hasEsn, sequenceHigh));
  packet.set(mac.subarray(0, suite.icvBytes), bodyEnd);
}

const noBytes = new Uint8Array(0);
