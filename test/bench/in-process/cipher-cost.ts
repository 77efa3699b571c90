/**
 * What the native engine takes for a full packet, AES-256-GCM: segmentation, checksum and sealing in one, and opening.
 * @module
 */
import { OpenRow, SealRow } from '#core/crypto/transform.ts';
import { loadNative, NativeTransform } from '#core/host/linux/native.ts';
import { innerPacket, timePerPacket } from './decision-cost.ts';

/** UDP payload of each segment: the inner MTU of 1400 less headers. */
const segmentPayload = 1372;
const headerBytes = 28;
const segments = 44;
const aesGcm16 = 20;
const gsoUdp = 5;
const csum = { start: 20, offset: 6 };
const needsChecksum = 1;

/** ns for each packet of a super-packet. */
export function timeCipher(milliseconds: number): { sealTime: number; openTime: number } {
  const transforms = new NativeTransform(loadNative());
  const key = { encryptionId: aesGcm16, key: new Uint8Array(32).fill(7), salt: new Uint8Array(4), padding: 0 } as const;
  const transform = transforms.create({ ...key, integrityId: 0, integrityKey: new Uint8Array(0) });
  const source = innerPacket(segments * segmentPayload);
  const destination = new Uint8Array(128 * 1024);
  const seals = sealRow(transform, source.length);
  const opens = new Int32Array(segments * OpenRow.stride);
  const seal = (): void => transforms.seal(seals, 1, source, destination);
  seal();
  const packetBytes = seals[SealRow.outSegmentBytes]!;
  if (seals[SealRow.outLength]! < 0) throw new Error(`the engine seals nothing (${seals[SealRow.outLength]!})`);
  const open = (): void => {
    for (let index = 0; index < segments; index++) {
      opens.set([index * packetBytes, packetBytes, transform, 0, 0, 1], index * OpenRow.stride);
    }
    transforms.open(opens, segments, destination);
  };
  const sealTime = timePerPacket(segments, milliseconds / 2, seal);
  // Opening is in place: each time it needs to be sealed before.
  const bothTime = timePerPacket(segments, milliseconds / 2, () => {
    seal();
    open();
  });
  if (opens[OpenRow.outLength]! < headerBytes)
    throw new Error(`the engine opens nothing (${opens[OpenRow.outLength]!})`);
  transforms.free(transform);
  return { sealTime, openTime: Math.max(0, bothTime - sealTime) };
}

function sealRow(transform: number, sourceLength: number): Int32Array {
  const row = new Int32Array(SealRow.stride);
  row[SealRow.sourceLength] = sourceLength;
  row[SealRow.transform] = transform;
  row[SealRow.spi] = 0x1000;
  row[SealRow.sequenceLow] = 1;
  row[SealRow.nextHeader] = 4;
  row[SealRow.gsoType] = gsoUdp;
  row[SealRow.gsoSize] = segmentPayload;
  row[SealRow.csumStart] = csum.start;
  row[SealRow.csumOffset] = csum.offset;
  row[SealRow.flags] = needsChecksum;
  row[SealRow.segmentCount] = segments;
  return row;
}
