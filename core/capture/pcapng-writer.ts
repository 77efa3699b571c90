/**
 * Writer of the pcapng format (draft-ietf-opsawg-pcapng): one section, little-endian, time stamps in nanoseconds, a
 * comment beside every packet. Gives blocks to be written one after the other; what writes them is the caller's.
 * @module
 */
import { BlockType, byteOrderMagic, OptionCode, sectionBlockBytes } from './pcapng-block.ts';

/** What is written of a packet. */
export type WrittenPacket = {
  /** Number that `describeInterface` gave. */
  readonly interfaceId: number;
  /** Nanoseconds since the epoch; null is written as 0. */
  readonly timeNs: bigint | null;
  readonly bytes: Uint8Array;
  readonly wireLength: number;
  readonly comment: string;
};

/** Nanoseconds, as an exponent of 10. */
const timeResolution = 9;
/** Type and total length in front, total length behind. */
const frameBytes = 12;
const enhancedHeaderBytes = 20;
const optionHeaderBytes = 4;

/** Makes the blocks of one file. */
export class PcapngWriter {
  #interfaceCount = 0;

  /** The section header: what a file begins with. `application` is who writes it. */
  beginSection(application: string): Uint8Array {
    const text = encodeText(application);
    const block = makeBlock(BlockType.section, sectionBlockBytes - frameBytes + optionBytes(text) + optionHeaderBytes);
    const view = viewOf(block);
    view.setUint32(8, byteOrderMagic, true);
    view.setUint16(12, 1, true);
    // The section's length is not told, as the format allows: -1.
    view.setBigInt64(16, -1n, true);
    putOption(block, 24, OptionCode.userApplication, text);
    return block;
  }

  /** An interface for packets of this link type. They name it by number, from 0 in the order of the calls. */
  describeInterface(linkType: number, name: string): { readonly id: number; readonly block: Uint8Array } {
    const text = encodeText(name);
    const resolution = Uint8Array.of(timeResolution);
    const body = 8 + optionBytes(text) + optionBytes(resolution) + optionHeaderBytes;
    const block = makeBlock(BlockType.interface, body);
    viewOf(block).setUint16(8, linkType, true);
    const next = putOption(block, 16, OptionCode.interfaceName, text);
    putOption(block, next, OptionCode.timeResolution, resolution);
    return { id: this.#interfaceCount++, block };
  }

  /** An enhanced packet block. */
  writePacket({ interfaceId, timeNs, bytes, wireLength, comment }: WrittenPacket): Uint8Array {
    const text = encodeText(comment);
    const padded = padTo4(bytes.length);
    const body = enhancedHeaderBytes + padded + optionBytes(text) + optionHeaderBytes;
    const block = makeBlock(BlockType.enhancedPacket, body);
    const view = viewOf(block);
    const stamp = BigInt.asUintN(64, timeNs ?? 0n);
    view.setUint32(8, interfaceId, true);
    view.setUint32(12, Number(stamp >> 32n), true);
    view.setUint32(16, Number(stamp & 0xffffffffn), true);
    view.setUint32(20, bytes.length, true);
    view.setUint32(24, wireLength, true);
    block.set(bytes, 28);
    putOption(block, 28 + padded, OptionCode.comment, text);
    return block;
  }
}

function makeBlock(type: number, bodyBytes: number): Uint8Array {
  const block = new Uint8Array(frameBytes + bodyBytes);
  const view = viewOf(block);
  view.setUint32(0, type, true);
  view.setUint32(4, block.length, true);
  view.setUint32(block.length - 4, block.length, true);
  return block;
}

/** The value's padding, and the end of options behind the last one, are zeros already. */
function putOption(block: Uint8Array, at: number, code: number, value: Uint8Array): number {
  const view = viewOf(block);
  view.setUint16(at, code, true);
  view.setUint16(at + 2, value.length, true);
  block.set(value, at + optionHeaderBytes);
  return at + optionBytes(value);
}

function optionBytes(value: Uint8Array): number {
  return optionHeaderBytes + padTo4(value.length);
}

function padTo4(length: number): number {
  return (length + 3) & ~3;
}

function viewOf(block: Uint8Array): DataView {
  return new DataView(block.buffer, block.byteOffset, block.byteLength);
}

/** Comments are ASCII: numbers, names of reasons, addresses. */
function encodeText(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0) & 0x7f);
}
