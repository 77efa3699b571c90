/**
 * The integrity algorithms of the portable engine, by IANA IKEv2 transform id (type 3). Lengths come from the
 * registry's row of that id. Hashes are @noble/hashes', AES is @noble/ciphers'.
 * @module
 */
import { cmac } from '@noble/ciphers/aes.js';
import { equalBytes } from '@noble/ciphers/utils.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha1 } from '@noble/hashes/legacy.js';
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import { deriveXcbcKeys, xcbcMac } from './portable-xcbc.ts';

/** A keyed MAC: the whole output, before it is cut to the ICV. */
export type KeyedMac = {
  compute(message: Uint8Array, suffix: Uint8Array): Uint8Array;
  wipe(): void;
};

/** Transform id → a maker of keyed MACs. */
export const portableIntegrity: ReadonlyMap<number, (key: Uint8Array) => KeyedMac> = new Map([
  [2, hmacMaker(sha1)],
  [5, xcbcMaker],
  [8, cmacMaker],
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

function xcbcMaker(key: Uint8Array): KeyedMac {
  const keys = deriveXcbcKeys(key);
  return {
    compute(message, suffix) {
      const whole = new Uint8Array(message.length + suffix.length);
      whole.set(message);
      whole.set(suffix, message.length);
      return xcbcMac(keys, whole);
    },
    wipe: () => keys.forEach((part) => part.fill(0)),
  };
}

/** The library's state cannot be cloned, so each packet starts from the key. */
function cmacMaker(key: Uint8Array): KeyedMac {
  const kept = key.slice();
  return {
    compute: (message, suffix) => cmac.create(kept).update(message).update(suffix).digest(),
    wipe: () => void kept.fill(0),
  };
}
