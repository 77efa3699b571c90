/**
 * The ciphers of the portable engine, by IANA IKEv2 transform id (type 1). Lengths come from the registry's row of
 * that id; here is only what the bytes do. On @noble/ciphers.
 * @module
 */
import { cbc, gcm } from '@noble/ciphers/aes.js';
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';

/** A nonce (salt ‖ IV) or IV, and what is authenticated beside the ciphertext. */
export type CipherInput = {
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
  /** Empty for ciphers that do not authenticate. */
  readonly aad: Uint8Array;
};

/** One cipher. An AEAD's ciphertext ends with its ICV. */
export type PortableCipher = {
  /** Returns fresh bytes. */
  encrypt(input: CipherInput, plaintext: Uint8Array): Uint8Array;
  /** Returns fresh bytes; null when an AEAD's ICV does not match. */
  decrypt(input: CipherInput, ciphertext: Uint8Array): Uint8Array | null;
};

/** Transform id → cipher. */
export const portableCiphers: ReadonlyMap<number, PortableCipher> = new Map<number, PortableCipher>([
  [11, { encrypt: (_input, plaintext) => plaintext.slice(), decrypt: (_input, ciphertext) => ciphertext.slice() }],
  [
    12,
    {
      encrypt: (input, plaintext) => cbc(input.key, input.nonce, withoutPkcs7).encrypt(plaintext),
      decrypt: (input, ciphertext) => cbc(input.key, input.nonce, withoutPkcs7).decrypt(ciphertext),
    },
  ],
  [20, aead((input) => gcm(input.key, input.nonce, input.aad))],
  [28, aead((input) => chacha20poly1305(input.key, input.nonce, input.aad))],
]);

/** ESP pads by itself (RFC 3602 §2.4). */
const withoutPkcs7 = { disablePadding: true } as const;

type AeadInstance = { encrypt(plaintext: Uint8Array): Uint8Array; decrypt(ciphertext: Uint8Array): Uint8Array };

function aead(begin: (input: CipherInput) => AeadInstance): PortableCipher {
  return {
    encrypt: (input, plaintext) => begin(input).encrypt(plaintext),
    decrypt(input, ciphertext) {
      // The library throws for a tag that does not match, and for lengths that the caller has checked already.
      try {
        return begin(input).decrypt(ciphertext);
      } catch {
        return null;
      }
    },
  };
}
