/**
 * How many messages one receive brings. A batch goes through the processor's caches five times until it is written (copy,
 * head, cipher, checksum, copy); with 64 merged messages of 64 KiB it fell out of them each time: 5 % more time a packet.
 * @module
 */

/** Most messages of one receive. */
export const maxMessages = 64;

/** Bytes that one receive should bring: they stay in a second-level cache. */
const cachedBytes = 384 * 1024;
const fewestMessages = 4;

/** How many messages are received at once, of which the last ones had this size. */
export function messagesOf(messageBytes: number): number {
  return Math.min(maxMessages, Math.max(fewestMessages, Math.floor(cachedBytes / messageBytes)));
}
