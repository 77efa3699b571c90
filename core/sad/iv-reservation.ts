/**
 * IV counters that survive restarts (RFC 8221 §3, RFC 4106 §3.1): the 64-bit explicit IV of a counter-mode suite is
 * a reserved high word and a low word counted by the datapath. A high word is reserved under the key's fingerprint
 * and on disk before the first packet uses it, so no crash, restart or re-add repeats an IV under one key.
 *
 * Here: the port. The store on disk is core/helper/iv-store.ts; tests and the in-memory host use `volatileIvStore`.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import type { KeyMaterial } from '#core/crypto/key-material.ts';

/** Gives out IV high words. */
export type IvStore = {
  /**
   * Reserve the next high word for each key, durably, in one go. Same order as `keys`.
   * @throws {IpsecError} `STATE_UNWRITABLE` when it could not be made durable; then nothing may be sent.
   */
  reserve(keys: readonly KeyMaterial[]): readonly number[];
};

/**
 * A store that forgets with the process: for tests and the in-process network, whose keys do not outlive it either.
 * It counts over all keys together, so no high word is given out twice for any of them.
 */
export function volatileIvStore(): IvStore {
  let next = 0;
  return {
    reserve(keys) {
      if (next + keys.length > 2 ** 32) throw new IpsecError('STATE_UNWRITABLE', 'IV high words are used up');
      return keys.map(() => next++);
    },
  };
}
