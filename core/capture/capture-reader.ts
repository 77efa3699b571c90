/**
 * Reads a capture file of either format, told by its first four bytes.
 * @module
 */
import type { CaptureInput } from './capture-input.ts';
import { refuseCapture, refuseTruncated, type CaptureRecord } from './capture-record.ts';
import { isPcap, readPcap } from './pcap-reader.ts';
import { isPcapng, readPcapng } from './pcapng-reader.ts';

const magicBytes = 4;

/**
 * The packets of a capture in file order, read on as they are taken. What was read before an error has been given.
 * @throws {IpsecError} `CAPTURE_FORMAT`, `CAPTURE_TRUNCATED`, both with `offset`.
 */
export function readCapture(input: CaptureInput): Generator<CaptureRecord, void, undefined> {
  if (!input.has(magicBytes)) refuseTruncated(0, 'the header of the file', magicBytes - input.length);
  const { bytes, start } = input;
  if (isPcapng(bytes, start)) return readPcapng(input);
  if (isPcap(bytes, start)) return readPcap(input);
  refuseCapture(0, 'this is neither a pcap nor a pcapng file');
}
