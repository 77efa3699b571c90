/**
 * Reader of the pcapng format (draft-ietf-opsawg-pcapng): sections of either byte order, interfaces with their link type
 * and time resolution, enhanced, simple and obsolete packet blocks. Other blocks are passed over.
 *
 *     block   type | total length | body, in whole 32-bit words | total length
 *
 * Not here: comments and other options of packets; decryption secrets.
 * @module
 */
import type { CaptureInput } from './capture-input.ts';
import { largestRecord, refuseCapture, refuseTruncated, type CaptureRecord } from './capture-record.ts';
import { readInterface, stampNs, type CaptureInterface } from './pcapng-interface.ts';
import { BlockType, byteOrderMagic, sectionBlockBytes } from './pcapng-block.ts';
import { readWord16, readWord32 } from './word-order.ts';

const knownMajor = 1;
/** Type and total length in front, total length behind. */
const frameBytes = 12;
/** Our own limit, for blocks that are held whole: packets and descriptions of interfaces. */
const largestBlock = 16 * 1024 * 1024;

/** What the current section says. */
type Section = { readonly isLittle: boolean; readonly interfaces: CaptureInterface[] };

/** Whether the first four bytes are a section header's: they read the same in both byte orders. */
export function isPcapng(bytes: Uint8Array, offset: number): boolean {
  return readWord32(bytes, offset, true) === BlockType.section;
}

/** The packets of a file, whose first four bytes are known. @throws {IpsecError} `CAPTURE_FORMAT`, `CAPTURE_TRUNCATED`. */
export function* readPcapng(input: CaptureInput): Generator<CaptureRecord, void, undefined> {
  let section: Section = { isLittle: true, interfaces: [] };
  while (input.has(1)) {
    const position = input.position;
    if (!input.has(frameBytes)) refuseTruncated(position, 'the header of a block', frameBytes - input.length);
    if (isPcapng(input.bytes, input.start)) section = readSection(input, position);
    const type = readWord32(input.bytes, input.start, section.isLittle);
    const length = readWord32(input.bytes, input.start + 4, section.isLittle);
    if (length < frameBytes || length % 4 !== 0) refuseCapture(position, `a block of ${length} bytes is none`);
    const record = isHeld(type) ? readBlock(input, section, type, length, position) : passBlock(input, section, length);
    if (record !== null) yield record;
  }
}

/** Only the byte order: the block itself is passed over like any other. */
function readSection(input: CaptureInput, position: number): Section {
  if (!input.has(sectionBlockBytes)) {
    refuseTruncated(position, 'the header of a section', sectionBlockBytes - input.length);
  }
  const { bytes, start } = input;
  const isLittle = readWord32(bytes, start + 8, true) === byteOrderMagic;
  if (!isLittle && readWord32(bytes, start + 8, false) !== byteOrderMagic) {
    refuseCapture(position + 8, 'the byte order of the section is neither');
  }
  const length = readWord32(bytes, start + 4, isLittle);
  if (length < sectionBlockBytes) refuseCapture(position, `a section header of ${length} bytes is none`);
  const major = readWord16(bytes, start + 12, isLittle);
  if (major !== knownMajor) refuseCapture(position + 12, `version ${major} of the pcapng format is not known`);
  return { isLittle, interfaces: [] };
}

function isHeld(type: number): boolean {
  return (
    type === BlockType.interface ||
    type === BlockType.enhancedPacket ||
    type === BlockType.simplePacket ||
    type === BlockType.packet
  );
}

function passBlock(input: CaptureInput, { isLittle }: Section, length: number): null {
  const position = input.position;
  if (!input.skipFar(length - 4) || !input.has(4)) refuseTruncated(position, `a block of ${length} bytes`, missing());
  checkTrailer(input, isLittle, length, position);
  input.skip(4);
  return null;

  function missing(): number {
    return position + length - input.position - input.length;
  }
}

function readBlock(
  input: CaptureInput,
  section: Section,
  type: number,
  length: number,
  position: number,
): CaptureRecord | null {
  if (length > largestBlock) refuseCapture(position, `a packet or interface block of ${length} bytes is none`);
  if (!input.has(length)) refuseTruncated(position, `a block of ${length} bytes`, length - input.length);
  const { bytes, start } = input;
  input.skip(length - 4);
  checkTrailer(input, section.isLittle, length, position);
  input.skip(4);
  const end = start + length - 4;
  if (type === BlockType.interface) {
    section.interfaces.push(readInterface(bytes, start + 8, end, section.isLittle, position));
    return null;
  }
  if (type === BlockType.enhancedPacket) return readEnhanced(bytes, start + 8, end, section, position);
  if (type === BlockType.packet) return readObsolete(bytes, start + 8, end, section, position);
  return readSimple(bytes, start + 8, end, section, position);
}

function checkTrailer(input: CaptureInput, isLittle: boolean, length: number, position: number): void {
  const trailer = readWord32(input.bytes, input.start, isLittle);
  if (trailer !== length)
    refuseCapture(position, `a block says ${length} bytes at its start and ${trailer} at its end`);
}

/** interface | time, upper and lower word | bytes kept | bytes on the wire | packet | options */
function readEnhanced(bytes: Uint8Array, at: number, end: number, section: Section, position: number): CaptureRecord {
  if (end - at < 20) refuseCapture(position, 'a packet block has no room for its header');
  const id = readWord32(bytes, at, section.isLittle);
  return readStamped(bytes, at, end, section, id, position);
}

/** interface, 16 bits | drops, 16 bits | the rest as in an enhanced one */
function readObsolete(bytes: Uint8Array, at: number, end: number, section: Section, position: number): CaptureRecord {
  if (end - at < 20) refuseCapture(position, 'a packet block has no room for its header');
  const id = readWord16(bytes, at, section.isLittle);
  return readStamped(bytes, at, end, section, id, position);
}

function readStamped(
  bytes: Uint8Array,
  at: number,
  end: number,
  section: Section,
  id: number,
  position: number,
): CaptureRecord {
  const { isLittle } = section;
  const source = findInterface(section, id, position);
  const high = readWord32(bytes, at + 4, isLittle);
  const low = readWord32(bytes, at + 8, isLittle);
  const keptLength = readWord32(bytes, at + 12, isLittle);
  const wireLength = readWord32(bytes, at + 16, isLittle);
  const timeNs = stampNs(source, high, low);
  return makeRecord(bytes, at + 20, end, { linkType: source.linkType, timeNs, wireLength, position }, keptLength);
}

/** bytes on the wire | packet, cut at the first interface's snapshot length */
function readSimple(bytes: Uint8Array, at: number, end: number, section: Section, position: number): CaptureRecord {
  if (end - at < 4) refuseCapture(position, 'a packet block has no room for its header');
  const { linkType, snapshotLength } = findInterface(section, 0, position);
  const wireLength = readWord32(bytes, at, section.isLittle);
  const limit = snapshotLength === 0 ? wireLength : Math.min(wireLength, snapshotLength);
  return makeRecord(bytes, at + 4, end, { linkType, timeNs: null, wireLength, position }, limit);
}

function findInterface(section: Section, id: number, position: number): CaptureInterface {
  const found = section.interfaces[id];
  if (found === undefined) refuseCapture(position, `a packet of interface ${id}, which is not described before it`);
  return found;
}

function makeRecord(
  bytes: Uint8Array,
  from: number,
  end: number,
  known: Omit<CaptureRecord, 'bytes'>,
  keptLength: number,
): CaptureRecord {
  const { position } = known;
  if (keptLength > largestRecord) refuseCapture(position, `a packet of ${keptLength} bytes is none`);
  if (keptLength > end - from) refuseCapture(position, `a packet of ${keptLength} bytes in a block of ${end - from}`);
  return { ...known, bytes: bytes.subarray(from, from + keptLength) };
}
