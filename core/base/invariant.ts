/**
 * Assertions about this program, never about its input. A failure here is a bug in Culvert
 * and is never caught to continue.
 * @module
 */

/** @throws {Error} when `condition` does not hold; `message` says what should have been true. */
export function invariant(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`invariant violated: ${message}`);
}

/** The end of an exhaustive switch. Fails to compile when a case is missing. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`);
}
