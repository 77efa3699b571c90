/**
 * The bytes of a capture file, in pieces: a window onto the file that moves forward. It grows only as bytes arrive, so
 * a length field can never make it larger than the file is.
 *
 * Not here: what the bytes mean (pcap-reader.ts, pcapng-reader.ts), and the file itself.
 * @module
 */

/** Reads the next bytes of a file into `into` from `offset` on, as many as there is room for or fewer; 0 at its end. */
export type ReadBytes = (into: Uint8Array, offset: number) => number;

/** Our own size: bytes that are read at a time. */
const pieceBytes = 256 * 1024;

/** A window onto a file. */
export class CaptureInput {
  /** The window's bytes: from `start` to `end`. They move when `has` reads on. */
  bytes: Uint8Array;
  start: number;
  #end: number;
  #isAtEnd = false;
  /** Where `bytes[0]` lies in the file. */
  #base = 0;
  readonly #read: ReadBytes | null;

  /** Over `bytes`, which were read before, and what `read` gives then; null: nothing more. */
  constructor(read: ReadBytes | null, bytes: Uint8Array = new Uint8Array(0)) {
    this.#read = read;
    this.bytes = bytes;
    this.start = 0;
    this.#end = bytes.length;
  }

  /** Where the window starts in the file. */
  get position(): number {
    return this.#base + this.start;
  }

  /** Bytes in the window. */
  get length(): number {
    return this.#end - this.start;
  }

  /** Whether the file has `count` bytes from the window's start on; they are in the window then. */
  has(count: number): boolean {
    while (this.length < count && !this.#isAtEnd && this.#read !== null) this.#readOn(this.#read);
    return this.length >= count;
  }

  /** Move the window's start by `count` bytes, which are in it. */
  skip(count: number): void {
    this.start += count;
  }

  /** Move the start by `count` bytes without keeping them. Answers whether the file has as many. */
  skipFar(count: number): boolean {
    let left = count;
    while (left > this.length) {
      left -= this.length;
      this.start = this.#end;
      if (!this.has(1)) return false;
    }
    this.start += left;
    return true;
  }

  /** What is left of the window goes to its start; it doubles when it is full. */
  #readOn(read: ReadBytes): void {
    const kept = this.length;
    const isFull = kept > this.bytes.length / 2;
    const target = isFull || this.bytes.length < pieceBytes ? new Uint8Array(kept * 2 + pieceBytes) : this.bytes;
    if (target === this.bytes) target.copyWithin(0, this.start, this.#end);
    else target.set(this.bytes.subarray(this.start, this.#end));
    this.#base += this.start;
    this.bytes = target;
    this.start = 0;
    this.#end = kept;
    const count = read(target, kept);
    this.#isAtEnd = count === 0;
    this.#end += count;
  }
}

/** A window onto bytes that are all there: nothing is copied. */
export function inputOfBytes(bytes: Uint8Array): CaptureInput {
  return new CaptureInput(null, bytes);
}
