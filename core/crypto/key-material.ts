/**
 * Key bytes behind a lock: they do not print, do not serialise, and leave only by `reveal`.
 * Grep for `reveal(` to see every place that touches a key.
 * @module
 */

/** Secret bytes. `String(key)`, JSON and inspection show only the length. */
export class KeyMaterial {
  readonly #bytes: Uint8Array;

  /** Takes a copy of `bytes`. */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes.slice();
  }

  /** Length in bytes. */
  get length(): number {
    return this.#bytes.length;
  }

  /** The bytes themselves; the caller must not keep or change them. */
  reveal(): Uint8Array {
    return this.#bytes;
  }

  /** Overwrite with zeros. */
  wipe(): void {
    this.#bytes.fill(0);
  }

  toString(): string {
    return `(${this.length * 8}-bit key)`;
  }

  toJSON(): string {
    return this.toString();
  }
}
