/**
 * What the decisions cost: both loops over ports that do nothing, with small packets.
 * @module
 */
import { writeU16 } from '#core/base/bytes.ts';
import { Counters } from '#core/datapath/counters.ts';
import { dropReasons } from '#core/datapath/drop-reason.ts';
import { Inbound } from '#core/datapath/inbound.ts';
import { Outbound } from '#core/datapath/outbound.ts';
import { AddressEntry } from '#core/datapath/ports.ts';
import type { SnapshotAssociation } from '#core/datapath/snapshot.ts';
import { buildUdpPacket } from '#core/host/memory/ip-packet.ts';
import { parseIpAddress } from '#core/ip/address.ts';
import { ip, makeAssociation, makeInterface, makeSnapshot, outer4, tokens } from '#test/support/test-datapath.ts';
import { QuietTransform, QuietTun, QuietWire, type QuietPacket } from './quiet-ports.ts';

/** Both loops, ready to be pumped. */
export type QuietLoops = { readonly outbound: Outbound; readonly inbound: Inbound; readonly counters: Counters };

const port = 4500;
const batch = 64;
/** Half of all SPIs no longer fit V8’s small integers, as this one. */
const firstSpi = 0xc0001000;
const udp = { sourcePort: port, destinationPort: port };
const inner = { source: parseIpAddress('172.16.200.1'), destination: parseIpAddress('172.16.100.1') };
const espBytes = { head: 16, icv: 16 };

/** Bytes of an inner packet with `payloadBytes` of UDP payload. */
export function innerPacket(payloadBytes: number): Uint8Array {
  const payload = new Uint8Array(payloadBytes).fill(0x55);
  return buildUdpPacket({ ...inner, sourcePort: 1, destinationPort: 2, payload });
}

/**
 * The loops of a gateway with `count` inbound and as many outbound associations. The first carries what is sent; what is
 * received belongs to the first, or with `isSpread` to all in turn. Both go on from `sequence`.
 */
export function makeQuietLoops(
  count: number,
  packets: readonly QuietPacket[],
  isSpread = false,
  sequence = 0,
): QuietLoops {
  const plain = withTrailer(innerPacket(64));
  const spis = Uint32Array.from({ length: isSpread ? count : 1 }, (_, index) => firstSpi + index);
  const counters = new Counters();
  const ports = {
    tun: new QuietTun(packets),
    wire: new QuietWire(spis, espBytes.head + plain.length + espBytes.icv, senderEntry(), sequence),
    transforms: new QuietTransform(plain),
    counters,
    emit: () => undefined,
  };
  const loops = {
    outbound: new Outbound(ports, { fill: (out) => void out.fill(0) }),
    inbound: new Inbound(ports),
    counters,
  };
  const outbound = Array.from({ length: count }, (_, index) => ({
    ...outboundAssociation(index),
    initialSequence: sequence,
  }));
  const inbound = Array.from({ length: count }, (_, index) => inboundAssociation(index, count));
  const policy = { action: 'protect', outboundSpid: 2, outboundAssociation: 1, inboundReqid: 0 } as const;
  const outer = { ...outer4, localPort: port, peerPort: port };
  const snapshot = makeSnapshot({ interfaces: [makeInterface({ outer, ipv4: policy })], outbound, inbound });
  loops.outbound.apply(snapshot);
  loops.inbound.apply(snapshot);
  return loops;
}

/** A batch of small packets. */
export function smallBatch(): QuietPacket[] {
  return Array.from({ length: batch }, () => ({ bytes: innerPacket(64), gsoType: 0, gsoSize: 0 }));
}

/** ns that `work` takes for each of `packets` packets, repeated for about `milliseconds`. */
export function timePerPacket(packets: number, milliseconds: number, work: () => void): number {
  const started = performance.now();
  let turns = 0;
  let elapsedMs = 0;
  while (elapsedMs < milliseconds) {
    for (let turn = 0; turn < 100; turn++) work();
    turns += 100;
    elapsedMs = performance.now() - started;
  }
  return (elapsedMs * 1e6) / (turns * packets);
}

/** Out and in, ns a packet. @throws Error when a packet was dropped: then something else was measured. */
export function timeDecisions({ outbound, inbound, counters }: QuietLoops, milliseconds: number): number {
  const time = timePerPacket(batch, milliseconds, () => {
    outbound.pump(tokens.tun, 1000);
    inbound.pump(tokens.udp4, 1000);
  });
  requireNoDrops(counters);
  return time;
}

/** @throws Error when a packet was dropped. */
export function requireNoDrops(counters: Counters): void {
  for (let slot = 0; slot <= 1; slot++) {
    for (const { number: reason } of Object.values(dropReasons)) {
      if (counters.drops(slot, reason) > 0) throw new Error(`packets were dropped (reason ${reason})`);
    }
  }
}

function outboundAssociation(index: number): SnapshotAssociation {
  const place = index === 0 ? outer4.peer : strangerOf(index);
  const made = { id: 1 + index, slot: 1 + index, spi: firstSpi + index, udp, replayWindow: 0, socket: tokens.udp4 };
  return makeAssociation({ ...made, source: outer4.local, destination: place, transform: 1, ivHighs: [1, 2, 3, 4] });
}

/** All of them from the one peer that has an interface, so that their packets are taken. */
function inboundAssociation(index: number, count: number): SnapshotAssociation {
  const made = { id: 1 + count + index, slot: 1 + count + index, spi: firstSpi + index, udp, transform: 1 };
  return makeAssociation({ ...made, source: outer4.peer, destination: outer4.local, replayWindow: 256 });
}

function strangerOf(index: number): Uint8Array {
  return ip(`198.18.${(index >> 8) & 255}.${index & 255}`);
}

/** Padding to four bytes with pad length and next header (RFC 4303 §2.4). */
function withTrailer(packet: Uint8Array): Uint8Array {
  const padding = (4 - ((packet.length + 2) % 4)) % 4;
  const bytes = new Uint8Array(packet.length + padding + 2);
  bytes.set(packet);
  for (let index = 0; index < padding; index++) bytes[packet.length + index] = index + 1;
  bytes[bytes.length - 2] = padding;
  bytes[bytes.length - 1] = 4;
  return bytes;
}

function senderEntry(): Uint8Array {
  const entry = new Uint8Array(AddressEntry.stride);
  entry.set(outer4.peer, AddressEntry.address);
  writeU16(entry, AddressEntry.port, port);
  entry[AddressEntry.family] = 4;
  return entry;
}
