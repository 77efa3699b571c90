/**
 * Ports for what the pure core may not reach by itself: time, randomness and the log (style rule 3).
 * @module
 */

/** Milliseconds since the epoch. culvertd's begins at the wall clock and does not jump with it. */
export type Clock = { now(): number };

/** Cryptographically strong randomness. */
export type Random = {
  /** Fill `out` with random bytes. */
  fill(out: Uint8Array): void;
};

/** Structured log. `fields` never hold key bytes. */
export type Log = {
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
};

/** A log that keeps nothing. */
export const silentLog: Log = { info() {}, warn() {}, error() {} };
