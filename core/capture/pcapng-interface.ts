/**
 * Interface description blocks of pcapng (draft-ietf-opsawg-pcapng §4.2): link type, snapshot length, and what a time
 * stamp means.
 *
 *     link type, 16 bits | reserved, 16 bits | snapshot length | options
 *     option: code, 16 bits | length, 16 bits | value, in whole 32-bit words
 * @module
 */
import { refuseCapture, secondNs } from './capture-record.ts';
import { OptionCode } from './pcapng-block.ts';
import { readSigned64, readWord16, readWord32 } from './word-order.ts';

/** What later blocks need of an interface. */
export type CaptureInterface = {
  readonly linkType: number;
  /** 0: no limit. */
  readonly snapshotLength: number;
  /** Time stamps of a second. */
  readonly unitsPerSecond: bigint;
  /** Seconds to add to every stamp. */
  readonly offsetSeconds: bigint;
};

/** Bytes in front of the options. */
const fixedBytes = 8;
const optionHeaderBytes = 4;
/** Microseconds, unless an option says otherwise. */
const defaultUnits = 1_000_000n;
/** 10⁻¹⁹ and 2⁻⁶³ are the finest steps that a 64-bit stamp can count a second in. */
const finestDecimal = 19;
const finestBinary = 63;

/** Read the block's body, from `at` to `end`. `position` is the block's in the file. @throws {IpsecError} `CAPTURE_FORMAT`. */
export function readInterface(
  bytes: Uint8Array,
  at: number,
  end: number,
  isLittle: boolean,
  position: number,
): CaptureInterface {
  if (end - at < fixedBytes) refuseCapture(position, 'an interface block has no room for its header');
  const linkType = readWord16(bytes, at, isLittle);
  const snapshotLength = readWord32(bytes, at + 4, isLittle);
  let unitsPerSecond = defaultUnits;
  let offsetSeconds = 0n;
  let option = at + fixedBytes;
  while (option + optionHeaderBytes <= end) {
    const code = readWord16(bytes, option, isLittle);
    const length = readWord16(bytes, option + 2, isLittle);
    const value = option + optionHeaderBytes;
    if (code === OptionCode.end) break;
    if (value + length > end) refuseCapture(position, `option ${code} of an interface goes beyond its block`);
    if (code === OptionCode.timeResolution && length >= 1) unitsPerSecond = readResolution(bytes[value]!, position);
    if (code === OptionCode.timeOffset && length >= 8) offsetSeconds = readSigned64(bytes, value, isLittle);
    option = value + Math.ceil(length / 4) * 4;
  }
  return { linkType, snapshotLength, unitsPerSecond, offsetSeconds };
}

/** Nanoseconds since the epoch of a stamp; finer parts are cut off. */
export function stampNs({ unitsPerSecond, offsetSeconds }: CaptureInterface, high: number, low: number): bigint {
  const stamp = (BigInt(high) << 32n) | BigInt(low);
  return (stamp * secondNs) / unitsPerSecond + offsetSeconds * secondNs;
}

/** The exponent of 10, or of 2 where the top bit is set. */
function readResolution(value: number, position: number): bigint {
  const exponent = value & 0x7f;
  const isBinary = (value & 0x80) !== 0;
  if (exponent > (isBinary ? finestBinary : finestDecimal)) {
    refuseCapture(position, `a time resolution of ${isBinary ? 2 : 10} to the -${exponent} seconds is none`);
  }
  return (isBinary ? 2n : 10n) ** BigInt(exponent);
}
