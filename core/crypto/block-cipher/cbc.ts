/**
 * What the portable engine's own block ciphers (Camellia, Triple DES) offer, and CBC over them (RFC 2451, RFC 4312).
 * @module
 */

/** A block cipher with its key. */
export type BlockCipher = {
  readonly blockBytes: number;
  /** Encrypt the block at `offset` in place. */
  encryptBlock(bytes: Uint8Array, offset: number): void;
  /** Decrypt the block at `offset` in place. */
  decryptBlock(bytes: Uint8Array, offset: number): void;
};

/** CBC without padding of its own; `plaintext` is whole blocks. Returns fresh bytes. */
export function encryptCbc(cipher: BlockCipher, iv: Uint8Array, plaintext: Uint8Array): Uint8Array {
  const out = plaintext.slice();
  for (let at = 0; at < out.length; at += cipher.blockBytes) {
    const before = at === 0 ? iv : out.subarray(at - cipher.blockBytes, at);
    for (let index = 0; index < cipher.blockBytes; index++) out[at + index]! ^= before[index]!;
    cipher.encryptBlock(out, at);
  }
  return out;
}

/** The way back. */
export function decryptCbc(cipher: BlockCipher, iv: Uint8Array, ciphertext: Uint8Array): Uint8Array {
  const out = ciphertext.slice();
  for (let at = 0; at < out.length; at += cipher.blockBytes) {
    cipher.decryptBlock(out, at);
    const before = at === 0 ? iv : ciphertext.subarray(at - cipher.blockBytes, at);
    for (let index = 0; index < cipher.blockBytes; index++) out[at + index]! ^= before[index]!;
  }
  return out;
}
