/**
 * Reading captures that are broken.
 * @module
 */
import assert from 'node:assert/strict';
import { IpsecError } from '#core/base/error.ts';
import { inputOfBytes } from '#core/capture/capture-input.ts';
import { readCapture } from '#core/capture/capture-reader.ts';
import type { CaptureRecord } from '#core/capture/capture-record.ts';

/** The error that reading ends with, and what was read before it. */
export function thrownError(file: Uint8Array): { readonly error: IpsecError; readonly records: CaptureRecord[] } {
  const records: CaptureRecord[] = [];
  try {
    for (const record of readCapture(inputOfBytes(file))) records.push(record);
  } catch (error) {
    assert.ok(error instanceof IpsecError, String(error));
    return { error, records };
  }
  assert.fail('the file was read to its end');
}
