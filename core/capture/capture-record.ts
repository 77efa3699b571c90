/**
 * What a capture file holds, whichever format it has: packets, each from an interface with a link type.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';

/** One packet of a capture. */
export type CaptureRecord = {
  /** LINKTYPE_ number of the interface (link-layer.ts). */
  readonly linkType: number;
  /** Nanoseconds since the epoch; null where the file has none. */
  readonly timeNs: bigint | null;
  /** What was kept of the packet; valid until the next one is read. */
  readonly bytes: Uint8Array;
  /** Length of the packet on the wire. */
  readonly wireLength: number;
  /** Where the record begins in the file. */
  readonly position: number;
};

/** Bytes of the longest packet that libpcap writes for these link types. A larger number means that this is no packet. */
export const largestRecord = 262_144;

/** Nanoseconds of a second. */
export const secondNs = 1_000_000_000n;

/** The file is not what it says, from `position` on. @throws {IpsecError} `CAPTURE_FORMAT`. */
export function refuseCapture(position: number, message: string): never {
  throw new IpsecError('CAPTURE_FORMAT', `at byte ${position}: ${message}`, { offset: position });
}

/** The file ends within what begins at `position`. @throws {IpsecError} `CAPTURE_TRUNCATED`. */
export function refuseTruncated(position: number, what: string, missing: number): never {
  const message = `at byte ${position}: the file ends within ${what}, ${missing} ${missing === 1 ? 'byte' : 'bytes'} short`;
  throw new IpsecError('CAPTURE_TRUNCATED', message, { offset: position });
}
