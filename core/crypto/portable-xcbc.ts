/**
 * AES-XCBC-MAC (RFC 3566 §4): CBC under K1, the last block masked with K2 when it is full and with K3 when it is padded.
 * @module
 */
import { cbc, ecb } from '@noble/ciphers/aes.js';

/** K1, K2 and K3. */
export type XcbcKeys = readonly [cipher: Uint8Array, fullMask: Uint8Array, paddedMask: Uint8Array];

/** The three keys that follow from a key of 16 bytes. */
export function deriveXcbcKeys(key: Uint8Array): XcbcKeys {
  const derive = (value: number): Uint8Array => ecb(key, raw).encrypt(new Uint8Array(blockBytes).fill(value));
  return [derive(1), derive(2), derive(3)];
}

/** The MAC over `message`, 16 bytes; AES-XCBC-MAC-96 takes the first twelve. */
export function xcbcMac([cipherKey, fullMask, paddedMask]: XcbcKeys, message: Uint8Array): Uint8Array {
  const isFull = message.length > 0 && message.length % blockBytes === 0;
  const blocks = new Uint8Array(isFull ? message.length : message.length - (message.length % blockBytes) + blockBytes);
  blocks.set(message);
  if (!isFull) blocks[message.length] = 0x80;
  const mask = isFull ? fullMask : paddedMask;
  const last = blocks.length - blockBytes;
  for (let index = 0; index < blockBytes; index++) blocks[last + index]! ^= mask[index]!;
  return cbc(cipherKey, new Uint8Array(blockBytes), raw).encrypt(blocks).slice(last);
}

const blockBytes = 16;
const raw = { disablePadding: true } as const;
