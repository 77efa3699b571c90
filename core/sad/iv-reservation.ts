/**
 * IV counters that survive restarts (checklist 163, RFC 8221 §3): the 64-bit explicit IV of a counter-mode suite is
 * a reserved high word and a low word counted by the datapath. A high word is reserved under the key's fingerprint
 * and on disk before the first packet uses it, so no crash, restart or re-add repeats an IV under one key.
 *
 * Here: the port. The store on disk is core/helper/iv-store.ts; tests and the in-memory host use `volatileIvStore`.
 * @module
 */
import type { KeyMaterial } from '#core/crypto/key-material.ts';

/** Gives out IV high words. */
export type IvStore = {
  /**
   * Reserve the next high word for each key, durably, in one go. Same order as `keys`.
   * @throws {IpsecError} `STATE_UNWRITABLE` when it could not be made durable; then nothing may be sent.
   */
  reserve(keys: readonly KeyMaterial[]): readonly number[];
};
