/**
 * The frames of a capture file of the wire, which tcpdump(8) wrote: Ethernet, in any format that core/capture reads.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import type { CaptureRecord } from '#core/capture/capture-record.ts';
import { readCapture } from '#core/capture/capture-reader.ts';
import { LinkType } from '#core/capture/link-layer.ts';
import { openCapture } from '#core/cli/capture-file.ts';

/** One frame of a capture: its bytes as far as they were kept, good until the next frame is read, and its length. */
export type CapturedFrame = Pick<CaptureRecord, 'bytes' | 'wireLength'>;

/** The frames of a capture file. A last record that was cut short is left out. @throws Error when it is no such file. */
export function* readFrames(path: string): Generator<CapturedFrame> {
  const capture = openCapture(path);
  try {
    for (const record of readCapture(capture.input)) {
      const { linkType } = record;
      if (linkType !== LinkType.ethernet) throw new Error(`${path}: link type ${linkType} is not Ethernet`);
      yield record;
    }
  } catch (error) {
    const isCutShort =
      error instanceof IpsecError && error.code === 'CAPTURE_TRUNCATED' && error.details['offset'] !== 0;
    if (!isCutShort) throw error;
  } finally {
    capture.close();
  }
}
