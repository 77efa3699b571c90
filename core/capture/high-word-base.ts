/**
 * Sequence numbers of the upper part of RFC 4303's 64 bits. The datapath counts in JavaScript numbers, exact below 2⁵³,
 * which no association reaches in years; a capture may be of one that is said to be there. So the inbound loop counts from
 * a base of the association, and what it infers has that added: to the high word that enters the ICV, and to the number
 * that people see.
 * @module
 */
import { OpenError, OpenRow, type TransformPort, type TransformSpec } from '#core/crypto/transform.ts';

/** Bits of a word. */
const wordBits = 32n;
/** 2³², the end of the high words. */
const wordRange = 0x1_0000_0000;
/** From this high word on numbers are not exact any more: 2²¹. */
const firstInexact = 0x20_0000;

/** A sequence number in two parts: `base` high words, and the rest as the loop counts it. */
export type BasedSequence = { readonly base: number; readonly sequence: number };

/** Split a whole sequence number. The base leaves one high word below it, which a replay window may reach back into. */
export function splitSequence(whole: bigint): BasedSequence {
  const high = Number(whole >> wordBits);
  const base = high < firstInexact ? 0 : high - 1;
  return { base, sequence: Number(whole - (BigInt(base) << wordBits)) };
}

/** The whole number: a bigint only where a number would not be exact; null from 2⁶⁴ on. */
export function joinBase({ base, sequence }: BasedSequence): number | bigint | null {
  if (base === 0) return sequence;
  const whole = (BigInt(base) << wordBits) + BigInt(sequence);
  return whole >> wordBits < BigInt(wordRange) ? whole : null;
}

/** Opens with the base of each transform added to the high word; the rest is the engine's below. */
export class HighWordBase implements TransformPort {
  readonly #engine: TransformPort;
  readonly #bases = new Map<number, number>();

  constructor(engine: TransformPort) {
    this.#engine = engine;
  }

  /** The transform opens `base` high words further on. */
  setBase(handle: number, base: number): void {
    this.#bases.set(handle, base);
  }

  /** As the engine's. @throws {IpsecError} as the engine's. */
  create(spec: TransformSpec): number {
    return this.#engine.create(spec);
  }

  /** As the engine's. */
  free(handle: number): void {
    this.#bases.delete(handle);
    this.#engine.free(handle);
  }

  /** As the engine's: a capture sends nothing. */
  seal(rows: Int32Array, count: number, source: Uint8Array, destination: Uint8Array): void {
    this.#engine.seal(rows, count, source, destination);
  }

  /** Run `count` open jobs in place. What would need a high word of more than 32 bits is not authentic. */
  open(rows: Int32Array, count: number, arena: Uint8Array): void {
    const end = count * OpenRow.stride;
    for (let at = 0; at < end; at = behind(rows, at)) this.#move(rows, at, 1);
    this.#engine.open(rows, count, arena);
    for (let at = 0; at < end; at = behind(rows, at)) {
      this.#move(rows, at, -1);
      if (this.#baseOf(rows, at) + rows[at + OpenRow.sequenceHigh]! < wordRange) continue;
      for (let row = at; row < behind(rows, at); row += OpenRow.stride)
        rows[row + OpenRow.outLength] = OpenError.authentication;
    }
  }

  #baseOf(rows: Int32Array, at: number): number {
    return this.#bases.get(rows[at + OpenRow.transform]!) ?? 0;
  }

  /** The row holds 32 bits, so that adding wraps, and taking off brings back what was there. */
  #move(rows: Int32Array, at: number, sign: 1 | -1): void {
    rows[at + OpenRow.sequenceHigh]! += sign * this.#baseOf(rows, at);
  }
}

/** Where the next job is: a run has a row for each of its packets. */
function behind(rows: Int32Array, at: number): number {
  return at + Math.max(1, rows[at + OpenRow.count]!) * OpenRow.stride;
}
