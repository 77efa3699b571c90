/**
 * For tables of refusals: the code of the error that some work throws.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';

/** Code of the `IpsecError` that `work` throws, or null when it throws nothing. */
export function thrownCode(work: () => unknown): string | null {
  try {
    work();
  } catch (error) {
    if (error instanceof IpsecError) return error.code;
    throw error;
  }
  return null;
}

/** The same of a promise. */
export async function rejectedCode(work: Promise<unknown>): Promise<string | null> {
  try {
    await work;
  } catch (error) {
    if (error instanceof IpsecError) return error.code;
    throw error;
  }
  return null;
}
