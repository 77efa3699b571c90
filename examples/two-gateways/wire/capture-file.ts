/**
 * Reader of capture files in the classic pcap format (both byte orders, micro- and nanosecond stamps), in pieces,
 * so that a capture may be larger than memory. Link type Ethernet only. Not here: pcapng.
 * @module
 */
import { closeSync, openSync, readSync } from 'node:fs';

/** One frame of a capture. */
export type CapturedFrame = {
  /** The bytes that were kept; valid until the next frame is read. */
  readonly bytes: Buffer;
  /** Length of the frame on the wire. */
  readonly wireLength: number;
};

const fileHeaderBytes = 24;
const recordHeaderBytes = 16;
const ethernetLinkType = 1;
const pieceBytes = 4 * 1024 * 1024;
/** No snapshot length is larger; a bigger number means that this is not a record. */
const largestFrame = 262_144;

type ReadWord = (from: Buffer, offset: number) => number;

/** The frames of a capture file. A last record that was cut short is left out. @throws Error when it is no such file. */
export function* readCapture(path: string): Generator<CapturedFrame> {
  const file = openSync(path, 'r');
  try {
    const header = Buffer.alloc(fileHeaderBytes);
    if (readSync(file, header) < fileHeaderBytes) throw new Error(`${path}: too short for a capture`);
    const readWord = byteOrder(header, path);
    const linkType = readWord(header, 20) & 0xffff;
    if (linkType !== ethernetLinkType) throw new Error(`${path}: link type ${linkType} is not Ethernet`);
    yield* readRecords(file, readWord, path);
  } finally {
    closeSync(file);
  }
}

function* readRecords(file: number, readWord: ReadWord, path: string): Generator<CapturedFrame> {
  const piece = Buffer.alloc(pieceBytes);
  let filled = 0;
  for (let count = readSync(file, piece); count > 0; count = readSync(file, piece, filled, pieceBytes - filled, null)) {
    filled += count;
    let at = 0;
    while (at + recordHeaderBytes <= filled) {
      const keptLength = readWord(piece, at + 8);
      if (keptLength > largestFrame) throw new Error(`${path}: a record of ${keptLength} bytes is no frame`);
      const end = at + recordHeaderBytes + keptLength;
      if (end > filled) break;
      yield { bytes: piece.subarray(at + recordHeaderBytes, end), wireLength: readWord(piece, at + 12) };
      at = end;
    }
    piece.copy(piece, 0, at, filled);
    filled -= at;
  }
}

function byteOrder(header: Buffer, path: string): ReadWord {
  const isMagic = (value: number): boolean => value === 0xa1b2c3d4 || value === 0xa1b23c4d;
  if (isMagic(header.readUInt32LE(0))) return (from, offset) => from.readUInt32LE(offset);
  if (isMagic(header.readUInt32BE(0))) return (from, offset) => from.readUInt32BE(offset);
  throw new Error(`${path}: not a capture in pcap format`);
}
