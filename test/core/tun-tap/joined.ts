/**
 * Packets that lie joined (core/crypto/joined-packets.ts), made and read without the code that is tested.
 * @module
 */
import { headerLength } from '#core/crypto/joined-packets.ts';

/** Packets of one length, joined: header of the first, payloads, headers of the others. */
export function joined(packets: readonly Uint8Array[]): Uint8Array {
  const payloads = packets.map((packet) => packet.subarray(headerLength(packet, 0)));
  const headers = packets.map((packet) => packet.subarray(0, headerLength(packet, 0)));
  return Uint8Array.from([headers[0] ?? [], ...payloads, ...headers.slice(1)].flatMap((part) => [...part]));
}

/** The packets that lie at `offset`, the first with this length. */
export function apart(arena: Uint8Array, offset: number, length: number, packets: number): Uint8Array[] {
  const first = arena.slice(offset, offset + length);
  if (packets <= 1) return [first];
  const head = headerLength(first, 0);
  const payloadBytes = length - head;
  const headers = offset + head + packets * payloadBytes;
  const others = Array.from({ length: packets - 1 }, (_, index) => {
    const header = headers + index * head;
    const payload = offset + head + (index + 1) * payloadBytes;
    return Uint8Array.from([
      ...arena.subarray(header, header + head),
      ...arena.subarray(payload, payload + payloadBytes),
    ]);
  });
  return [first, ...others];
}
