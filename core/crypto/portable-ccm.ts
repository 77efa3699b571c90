/**
 * CCM over AES (RFC 3610, NIST SP 800-38C): a CBC-MAC over everything, then counter mode over plaintext and MAC.
 * The names M, L, B_0 and A_0 are RFC 3610's.
 * @module
 */
import { cbc, ctr } from '@noble/ciphers/aes.js';
import { equalBytes } from '@noble/ciphers/utils.js';

/** What ciphertext and MAC depend on. The nonce leaves 15 - its length octets to count with. */
export type CcmInput = {
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
  /** Below 65280 octets. */
  readonly aad: Uint8Array;
};

/** Ciphertext with an ICV of `icvBytes` (M) behind it. */
export function sealCcm(input: CcmInput, icvBytes: number, plaintext: Uint8Array): Uint8Array {
  const mac = cbcMac(input, icvBytes, plaintext);
  const keystreamed = counterMode(input, join(mac, plaintext));
  return join(keystreamed.subarray(blockBytes), keystreamed.subarray(0, icvBytes));
}

/** The plaintext; null when the ICV does not match. */
export function openCcm(input: CcmInput, icvBytes: number, sealed: Uint8Array): Uint8Array | null {
  const length = sealed.length - icvBytes;
  const icv = new Uint8Array(blockBytes);
  icv.set(sealed.subarray(length));
  const opened = counterMode(input, join(icv, sealed.subarray(0, length)));
  const plaintext = opened.slice(blockBytes);
  const expected = cbcMac(input, icvBytes, plaintext).subarray(0, icvBytes);
  return equalBytes(expected, opened.subarray(0, icvBytes)) ? plaintext : null;
}

const blockBytes = 16;

/** The MAC, not yet cut to M octets: CBC's last block over B_0, additional data and plaintext (RFC 3610 §2.2). */
function cbcMac({ key, nonce, aad }: CcmInput, icvBytes: number, plaintext: Uint8Array): Uint8Array {
  const lengthBytes = 15 - nonce.length;
  const first = new Uint8Array(blockBytes);
  first[0] = (aad.length > 0 ? 0x40 : 0) | (((icvBytes - 2) / 2) << 3) | (lengthBytes - 1);
  first.set(nonce, 1);
  writeLength(first, plaintext.length);
  const aadBlocks = aad.length === 0 ? aad : wholeBlocks(join(Uint8Array.of(aad.length >> 8, aad.length & 255), aad));
  const message = join(join(first, aadBlocks), wholeBlocks(plaintext));
  return cbc(key, new Uint8Array(blockBytes), { disablePadding: true }).encrypt(message).slice(-blockBytes);
}

/** Counter mode from A_0, whose block covers the MAC; the plaintext starts at A_1 (RFC 3610 §2.3). */
function counterMode({ key, nonce }: CcmInput, data: Uint8Array): Uint8Array {
  const a0 = new Uint8Array(blockBytes);
  a0[0] = 15 - nonce.length - 1;
  a0.set(nonce, 1);
  return ctr(key, a0).encrypt(data);
}

/** The length field at the end of B_0; `|=`, since with L = 2 the nonce ends where four octets would begin. */
function writeLength(block: Uint8Array, length: number): void {
  for (let index = 0; index < 4; index++) block[blockBytes - 1 - index]! |= (length >>> (8 * index)) & 255;
}

function wholeBlocks(bytes: Uint8Array): Uint8Array {
  const padded = new Uint8Array(Math.ceil(bytes.length / blockBytes) * blockBytes);
  padded.set(bytes);
  return padded;
}

function join(left: Uint8Array, right: Uint8Array): Uint8Array {
  const joined = new Uint8Array(left.length + right.length);
  joined.set(left);
  joined.set(right, left.length);
  return joined;
}
