/**
 * The ciphers of the portable engine, by IANA IKEv2 transform id (type 1). Lengths come from the registry's row of
 * that id; here is only what the bytes do. AES and ChaCha20 are @noble/ciphers'.
 * @module
 */
import { cbc, ctr } from '@noble/ciphers/aes.js';
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { decryptCbc, encryptCbc, type BlockCipher } from './block-cipher/cbc.ts';
import { createCamellia } from './block-cipher/camellia.ts';
import { openCcm, sealCcm } from './portable-ccm.ts';
import { openGcm, openGmac, sealGcm, sealGmac } from './portable-gcm.ts';
import { createTripleDes } from './block-cipher/triple-des.ts';

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
  [3, ownCbc(createTripleDes)],
  [11, { encrypt: (_input, plaintext) => plaintext.slice(), decrypt: (_input, ciphertext) => ciphertext.slice() }],
  [
    12,
    {
      encrypt: (input, plaintext) => cbc(input.key, input.nonce, withoutPkcs7).encrypt(plaintext),
      decrypt: (input, ciphertext) => cbc(input.key, input.nonce, withoutPkcs7).decrypt(ciphertext),
    },
  ],
  [13, { encrypt: counterMode, decrypt: counterMode }],
  [
    16,
    {
      encrypt: (input, plaintext) => sealCcm(input, 16, plaintext),
      decrypt: (input, ciphertext) => openCcm(input, 16, ciphertext),
    },
  ],
  [18, gcmWithIcv(8)],
  [19, gcmWithIcv(12)],
  [20, gcmWithIcv(16)],
  [21, { encrypt: sealGmac, decrypt: openGmac }],
  [23, ownCbc(createCamellia)],
  [28, { encrypt: sealChaCha, decrypt: openChaCha }],
]);

/** ESP pads by itself (RFC 3602 §2.4). */
const withoutPkcs7 = { disablePadding: true } as const;

function ownCbc(withKey: (key: Uint8Array) => BlockCipher): PortableCipher {
  return {
    encrypt: (input, plaintext) => encryptCbc(withKey(input.key), input.nonce, plaintext),
    decrypt: (input, ciphertext) => decryptCbc(withKey(input.key), input.nonce, ciphertext),
  };
}

function gcmWithIcv(icvBytes: number): PortableCipher {
  return {
    encrypt: (input, plaintext) => sealGcm(input, icvBytes, plaintext),
    decrypt: (input, ciphertext) => openGcm(input, icvBytes, ciphertext),
  };
}

/** The counter block is nonce, IV and a block counter from 1 (RFC 3686 §4); no packet is long enough to carry it over. */
function counterMode({ key, nonce }: CipherInput, data: Uint8Array): Uint8Array {
  const counterBlock = new Uint8Array(16);
  counterBlock.set(nonce);
  counterBlock[15] = 1;
  return ctr(key, counterBlock).encrypt(data);
}

function sealChaCha({ key, nonce, aad }: CipherInput, plaintext: Uint8Array): Uint8Array {
  return chacha20poly1305(key, nonce, aad).encrypt(plaintext);
}

function openChaCha({ key, nonce, aad }: CipherInput, ciphertext: Uint8Array): Uint8Array | null {
  // The library throws for a tag that does not match, and for lengths that the caller has checked already.
  try {
    return chacha20poly1305(key, nonce, aad).decrypt(ciphertext);
  } catch {
    return null;
  }
}
