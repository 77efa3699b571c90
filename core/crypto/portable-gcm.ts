/**
 * AES-GCM with an ICV of 8, 12 or 16 bytes (RFC 4106 §6), and AES-GMAC (RFC 4543). On @noble/ciphers, which knows the
 * full tag only: a shorter ICV is its front (NIST SP 800-38D §7.1).
 * @module
 */
import { ctr, gcm } from '@noble/ciphers/aes.js';
import { equalBytes } from '@noble/ciphers/utils.js';

/** What ciphertext and ICV depend on. The nonce has 12 bytes: salt and IV. */
export type GcmInput = {
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
  readonly aad: Uint8Array;
};

/** Ciphertext with an ICV of `icvBytes` behind it. */
export function sealGcm({ key, nonce, aad }: GcmInput, icvBytes: number, plaintext: Uint8Array): Uint8Array {
  const sealed = gcm(key, nonce, aad).encrypt(plaintext);
  return sealed.slice(0, plaintext.length + icvBytes);
}

/** The plaintext; null when the ICV does not match. */
export function openGcm(input: GcmInput, icvBytes: number, sealed: Uint8Array): Uint8Array | null {
  const length = sealed.length - icvBytes;
  // The plaintext is sealed again, since the library does not verify the front of a tag.
  const plaintext = keystream(input, sealed.subarray(0, length));
  const again = sealGcm(input, icvBytes, plaintext);
  return equalBytes(again.subarray(length), sealed.subarray(length)) ? plaintext : null;
}

/** Nothing is encrypted: `plaintext` as it is, the ICV behind it. */
export function sealGmac(input: GcmInput, plaintext: Uint8Array): Uint8Array {
  const sealed = new Uint8Array(plaintext.length + icvBytes);
  sealed.set(plaintext);
  sealed.set(gmac(input, plaintext), plaintext.length);
  return sealed;
}

/** The plaintext; null when the ICV does not match. */
export function openGmac(input: GcmInput, sealed: Uint8Array): Uint8Array | null {
  const plaintext = sealed.slice(0, -icvBytes);
  return equalBytes(gmac(input, plaintext), sealed.subarray(-icvBytes)) ? plaintext : null;
}

/** GMAC's ICV is never cut (RFC 4543 §3.4). */
const icvBytes = 16;
const ivBytes = 8;

/** SPI and sequence number, IV and plaintext are all additional data; the IV is the nonce's end (RFC 4543 §3.3). */
function gmac({ key, nonce, aad }: GcmInput, plaintext: Uint8Array): Uint8Array {
  const authenticated = new Uint8Array(aad.length + ivBytes + plaintext.length);
  authenticated.set(aad);
  authenticated.set(nonce.subarray(-ivBytes), aad.length);
  authenticated.set(plaintext, aad.length + ivBytes);
  return gcm(key, nonce, authenticated).encrypt(new Uint8Array(0));
}

/** GCM's counter mode: counter 1 is the tag's, the data starts at 2 (NIST SP 800-38D §7.2). */
function keystream({ key, nonce }: GcmInput, data: Uint8Array): Uint8Array {
  const counterBlock = new Uint8Array(16);
  counterBlock.set(nonce);
  counterBlock[15] = 2;
  return ctr(key, counterBlock).encrypt(data);
}
