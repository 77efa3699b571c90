/**
 * The one error class. What it means and what helps is in the catalogue (error-catalog.ts);
 * an error carries only what happened. It crosses process boundaries as `WireError`.
 *
 * Messages and details never hold key bytes.
 * @module
 */
import { errorCatalog, type ErrorRow } from './error-catalog.ts';
import { isErrno, type Errno } from './errno.ts';

/** Every code that Culvert can answer with, derived from the catalogue. */
export type ErrorCode = keyof typeof errorCatalog;

/** Machine-readable facts beside the message: `line`, `column`, `field`, `spi`, `errno` … */
export type ErrorDetails = Readonly<Record<string, string | number | boolean | null>>;

/** An error as it crosses a process boundary (style rule 32). */
export type WireError = {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
  readonly details: ErrorDetails;
};

/** An expected failure: bad input, a refusal, a host that cannot do what was asked. */
export class IpsecError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  /** `message` says what happened with the value at fault; advice belongs to the catalogue's hint. */
  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'IpsecError';
    this.code = code;
    this.details = details;
  }

  /** What the user can do about it. */
  get hint(): string {
    return errorCatalog[this.code].hint;
  }

  /** The BSD errno that the same refusal has on NetBSD, or the host's own; null where there is none. */
  get errno(): Errno | null {
    const own = this.details['errno'];
    if (typeof own === 'string' && isErrno(own)) return own;
    const row: ErrorRow = errorCatalog[this.code];
    return row.errno ?? null;
  }
}

/** Turn anything thrown into the form that crosses a process boundary. Unknown errors lose their text on purpose. */
export function toWireError(error: unknown): WireError {
  if (error instanceof IpsecError) {
    const { code, message, hint, details, errno } = error;
    return { code, message, hint, details: errno === null ? details : { ...details, errno } };
  }
  const { hint } = errorCatalog.INTERNAL;
  return { code: 'INTERNAL', message: 'an internal error happened; the log of culvertd has it', hint, details: {} };
}

/** The reverse of `toWireError`. */
export function fromWireError(wire: WireError): IpsecError {
  return new IpsecError(wire.code, wire.message, wire.details);
}
