/**
 * IV reservations that live as long as the process: enough for the in-process network, whose packets never leave it.
 * Under one key no high word is given out twice, also when an association is deleted and added again.
 * @module
 */
import { createHash } from 'node:crypto';
import type { KeyMaterial } from '#core/crypto/key-material.ts';
import type { IvStore } from '#core/sad/iv-reservation.ts';

/** The store. */
export class VolatileIvStore implements IvStore {
  /** Fingerprint of a key → next high word. */
  readonly #next = new Map<string, number>();

  reserve(keys: readonly KeyMaterial[]): readonly number[] {
    return keys.map((key) => {
      const fingerprint = createHash('sha256').update(key.reveal()).digest('hex');
      const high = this.#next.get(fingerprint) ?? 0;
      this.#next.set(fingerprint, high + 1);
      return high;
    });
  }
}
