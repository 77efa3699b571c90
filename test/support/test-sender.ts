/**
 * An outbound loop with one interface and one association, and packets to send through it.
 * @module
 */
import { readU32 } from '#core/base/bytes.ts';
import type { TransformPort } from '#core/crypto/transform.ts';
import type { SnapshotAssociation, SnapshotInterface } from '#core/datapath/snapshot.ts';
import { buildUdpPacket } from '#core/host/memory/ip-packet.ts';
import {
  inner4,
  makeAssociation,
  makeInterface,
  makeSnapshot,
  nullShape,
  nullSpec,
  outer4,
  TestDatapath,
  tokens,
} from './test-datapath.ts';

/** An inner UDP packet. */
export function udp(
  payloadBytes = 32,
  fields: { tos?: number; hasDontFragment?: boolean } = {},
  pair = inner4,
): Uint8Array {
  const payload = new Uint8Array(payloadBytes).fill(0x55);
  return buildUdpPacket({ ...pair, sourcePort: 1, destinationPort: 2, payload, ...fields });
}

/** A datapath with one interface and one association for both families. */
export function makeSender(
  association: Partial<SnapshotAssociation> = {},
  entry: Partial<SnapshotInterface> = {},
  spec = nullSpec,
  transforms?: TransformPort,
): { datapath: TestDatapath; association: SnapshotAssociation; entry: SnapshotInterface } {
  const datapath = new TestDatapath(transforms);
  const shape = spec === nullSpec ? nullShape : {};
  const out = makeAssociation({
    ...shape,
    transform: datapath.transforms.create(spec),
    source: outer4.local,
    destination: outer4.peer,
    socket: tokens.esp4,
    ...association,
  });
  const policy = { action: 'protect', outboundSpid: 2, outboundAssociation: out.id, inboundReqid: 0 } as const;
  const made = makeInterface({ ipv4: policy, ipv6: policy, ...entry });
  datapath.apply(makeSnapshot({ interfaces: [made], outbound: [out] }));
  return { datapath, association: out, entry: made };
}

/** Queue packets and pump once. */
export function send(datapath: TestDatapath, ...packets: Uint8Array[]): void {
  for (const bytes of packets) datapath.tun.toRead.push({ bytes });
  datapath.outbound.pump(tokens.tun, 1000);
}

/** Sequence numbers (low words) of everything sent. */
export function sentSequences(datapath: TestDatapath): number[] {
  return datapath.wire.sent.map(({ bytes }) => readU32(bytes, 4));
}
