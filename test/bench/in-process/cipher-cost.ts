/**
 * What the native engine takes for a full packet, AES-256-GCM: segmentation, checksum and sealing in one, and opening.
 * @module
 */
import { OpenRow, SealRow } from '#core/crypto/transform.ts';
import { receiveSlotBytes } from '#core/datapath/ports.ts';
import { loadNative, NativeTransform } from '#core/host/linux/native.ts';
import { median } from '#examples/two-gateways/median.ts';
import { innerPacket } from './decision-cost.ts';

/** UDP payload of each segment: the inner MTU of 1400 less headers. */
const segmentPayload = 1372;
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
  const seal = (): void => transforms.seal(seals, 1, source, destination);
  const sealTime = medianOfCalls(milliseconds / 2, nothing, seal);
  const sealedBytes = seals[SealRow.outLength]!;
  if (sealedBytes < 0) throw new Error(`the engine seals nothing (${sealedBytes})`);
  const packets = destination.slice(0, sealedBytes);
  const openTime = timeOpen(transforms, transform, packets, seals[SealRow.outSegmentBytes]!, milliseconds / 2);
  transforms.free(transform);
  return { sealTime, openTime };
}

/** These packets, opened as the inbound loop opens what it received as one message. It is in place: they are copied each time. */
function timeOpen(
  transforms: NativeTransform,
  transform: number,
  packets: Uint8Array,
  packetBytes: number,
  milliseconds: number,
): number {
  const arena = new Uint8Array(receiveSlotBytes);
  const opens = new Int32Array(segments * OpenRow.stride);
  const fill = (): void => {
    arena.set(packets);
    opens[OpenRow.length] = packetBytes;
    opens[OpenRow.transform] = transform;
    opens[OpenRow.count] = segments;
  };
  const time = medianOfCalls(milliseconds, fill, () => transforms.open(opens, segments, arena));
  if (opens[OpenRow.outAlike] !== segments) throw new Error(`the engine opens nothing (${opens[OpenRow.outLength]!})`);
  return time;
}

/**
 * ns a packet of calls that take all segments, the median; what `prepare` takes does not count. It was the mean of sealing and
 * opening less that of sealing, measured one after the other with rows set from arrays: 26 ns a packet were the benchmark's
 * own, and more where others had the processor meanwhile.
 */
function medianOfCalls(milliseconds: number, prepare: () => void, work: () => void): number {
  const times: number[] = [];
  const deadline = performance.now() + milliseconds;
  for (let started = 0; started < deadline;) {
    prepare();
    started = performance.now();
    work();
    times.push(performance.now() - started);
  }
  return (median(times) * 1e6) / segments;
}

function nothing(): void {}

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
