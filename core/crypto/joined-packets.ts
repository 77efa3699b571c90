/**
 * Packets that lie joined, as an engine may open those of a run that continue each other (core/tun-tap/src/transform/join.rs):
 *
 *   header 0 | payload 0 | payload 1 | payload 2 | header 1 | header 2 | padding, pad length, next header
 *
 * Headers are IP and TCP or UDP, without IPv4 options and extension headers. All packets have one length, one trailer, and
 * no TFC padding. A device takes header 0 and the payloads as one; where a packet is to be looked at by itself, they are
 * taken apart.
 * @module
 */
import { ipv4HeaderBytes } from '#core/ip/ipv4.ts';
import { ipv6HeaderBytes } from '#core/ip/ipv6.ts';
import { IpProtocol } from '#core/ip/protocol.ts';
import { udpHeaderBytes } from '#core/ip/udp.ts';
import { OpenRow } from './transform.ts';

/** Take apart what lies joined among the `count` packets of a run from row `first` on: each goes where its row says. */
export function takeApart(opened: Int32Array, first: number, count: number, arena: Uint8Array): void {
  for (let index = first; index < first + count;) {
    const packets = Math.max(1, opened[index * OpenRow.stride + OpenRow.outJoined]!);
    if (packets > 1) takePieceApart(opened, index, packets, arena);
    index += packets;
  }
}

/** From the last on: a packet lies further on alone than joined, and behind all payloads before its own. */
function takePieceApart(opened: Int32Array, first: number, packets: number, arena: Uint8Array): void {
  const at = first * OpenRow.stride;
  const start = opened[at + OpenRow.outOffset]!;
  const joinedBytes = opened[at + OpenRow.outLength]!;
  const plaintextBytes = opened[at + OpenRow.stride + OpenRow.outLength]!;
  const packetBytes = (joinedBytes - plaintextBytes) / (packets - 1);
  const headerBytes = headerLength(arena, start);
  const payloadBytes = packetBytes - headerBytes;
  const kept = arena.slice(start + headerBytes + packets * payloadBytes, start + joinedBytes);
  const trailer = kept.subarray((packets - 1) * headerBytes);
  for (let index = packets - 1; index > 0; index--) {
    const offset = opened[at + index * OpenRow.stride + OpenRow.outOffset]!;
    const payload = start + headerBytes + index * payloadBytes;
    arena.copyWithin(offset + headerBytes, payload, payload + payloadBytes);
    arena.set(kept.subarray((index - 1) * headerBytes, index * headerBytes), offset);
    arena.set(trailer, offset + packetBytes);
  }
  arena.set(trailer, start + packetBytes);
  opened[at + OpenRow.outLength] = plaintextBytes;
  opened[at + OpenRow.outJoined] = 1;
}

/** Bytes of the IP header at `offset` and the TCP or UDP header behind it, of a packet that is joined. */
export function headerLength(arena: Uint8Array, offset: number): number {
  const isIpv4 = arena[offset]! >>> 4 === 4;
  const transport = offset + (isIpv4 ? ipv4HeaderBytes : ipv6HeaderBytes);
  const isTcp = arena[offset + (isIpv4 ? 9 : 6)] === IpProtocol.tcp;
  return transport - offset + (isTcp ? (arena[transport + 12]! >>> 4) * 4 : udpHeaderBytes);
}
