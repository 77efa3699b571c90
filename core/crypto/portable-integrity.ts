/**
 * The integrity algorithms of the portable engine, by IANA IKEv2 transform id (type 3). Lengths come from the
 * registry's row of that id. On @noble/hashes.
 * @module
 */
import { equalBytes } from '@noble/ciphers/utils.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha1 } from '@noble/hashes/legacy.js';
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js';

/** A keyed MAC: the whole output, before it is cut to the ICV. */
export type KeyedMac = {
  compute(message: Uint8Array, suffix: Uint8Array): Uint8Array;
  wipe(): void;
};

/** Transform id → a maker of keyed MACs. */
export const portableIntegrity: ReadonlyMap<number, (key: Uint8Array) => KeyedMac> = new Map([
  [2, hmacMaker(sha1)],
  [12, hmacMaker(sha256)],
  [13, hmacMaker(sha384)],
  [14, hmacMaker(sha512)],
]);

/** Whether two ICVs are equal, in time that does not depend on where they differ (RFC 4303 §2.8). */
export function equalIcvs(left: Uint8Array, right: Uint8Array): boolean {
  return equalBytes(left, right);
}

/** The pad states are computed once per key and cloned per packet. */
function hmacMaker(hash: Parameters<typeof hmac.create>[0]): (key: Uint8Array) => KeyedMac {
  return (key) => {
    const keyed = hmac.create(hash, key);
    return {
      compute(message, suffix) {
        const state = keyed.clone();
        return state.update(message).update(suffix).digest();
      },
      wipe: () => keyed.destroy(),
    };
  };
}
