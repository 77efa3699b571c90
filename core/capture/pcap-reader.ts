/**
 * Reader of the classic pcap format (draft-ietf-opsawg-pcap), both byte orders, micro- and nanosecond stamps.
 *
 *     file    magic | major, minor | zone | accuracy | snapshot length | link type        24 bytes
 *     packet  seconds | fraction | bytes kept | bytes on the wire                         16 bytes, then the packet
 *
 * Not here: pcapng (pcapng-reader.ts), and the variants of pcap with longer packet headers.
 * @module
 */
import type { CaptureInput } from './capture-input.ts';
import { largestRecord, refuseCapture, refuseTruncated, secondNs, type CaptureRecord } from './capture-record.ts';
import { readWord16, readWord32 } from './word-order.ts';

const fileHeaderBytes = 24;
const recordHeaderBytes = 16;
const microsecondMagic = 0xa1b2c3d4;
const nanosecondMagic = 0xa1b23c4d;
const knownMajor = 2;

type PcapFormat = { readonly isLittle: boolean; readonly unitNs: bigint; readonly linkType: number };

/** Whether the first four bytes are a magic number of the format. */
export function isPcap(bytes: Uint8Array, offset: number): boolean {
  return findOrder(bytes, offset) !== null;
}

/** The packets of a file, whose first four bytes are known. @throws {IpsecError} `CAPTURE_FORMAT`, `CAPTURE_TRUNCATED`. */
export function* readPcap(input: CaptureInput): Generator<CaptureRecord, void, undefined> {
  const format = readFileHeader(input);
  while (input.has(1)) {
    const position = input.position;
    if (!input.has(recordHeaderBytes)) {
      refuseTruncated(position, 'the header of a packet', recordHeaderBytes - input.length);
    }
    yield readRecord(input, format, position);
  }
}

function readFileHeader(input: CaptureInput): PcapFormat {
  if (!input.has(fileHeaderBytes)) refuseTruncated(0, 'the header of the file', fileHeaderBytes - input.length);
  const { bytes, start } = input;
  const order = findOrder(bytes, start) ?? refuseCapture(0, 'this is no pcap file');
  const major = readWord16(bytes, start + 4, order.isLittle);
  if (major !== knownMajor) refuseCapture(4, `version ${major} of the pcap format is not known`);
  // The upper half may tell how long the frame check sequence is, which the length in the IP header leaves out.
  const linkType = readWord32(bytes, start + 20, order.isLittle) & 0xffff;
  input.skip(fileHeaderBytes);
  return { ...order, linkType };
}

function readRecord(input: CaptureInput, format: PcapFormat, position: number): CaptureRecord {
  const { isLittle, unitNs, linkType } = format;
  const keptLength = readWord32(input.bytes, input.start + 8, isLittle);
  if (keptLength > largestRecord) refuseCapture(position, `a packet of ${keptLength} bytes is none`);
  const recordLength = recordHeaderBytes + keptLength;
  if (!input.has(recordLength)) {
    refuseTruncated(position, `a packet of ${keptLength} bytes`, recordLength - input.length);
  }
  const { bytes, start } = input;
  const seconds = BigInt(readWord32(bytes, start, isLittle));
  const fraction = BigInt(readWord32(bytes, start + 4, isLittle));
  const wireLength = readWord32(bytes, start + 12, isLittle);
  input.skip(recordLength);
  return {
    linkType,
    timeNs: seconds * secondNs + fraction * unitNs,
    bytes: bytes.subarray(start + recordHeaderBytes, start + recordLength),
    wireLength,
    position,
  };
}

function findOrder(bytes: Uint8Array, offset: number): Omit<PcapFormat, 'linkType'> | null {
  for (const isLittle of [true, false]) {
    const magic = readWord32(bytes, offset, isLittle);
    if (magic === microsecondMagic) return { isLittle, unitNs: 1000n };
    if (magic === nanosecondMagic) return { isLittle, unitNs: 1n };
  }
  return null;
}
