/**
 * An inbound loop with one association, and packets made for it.
 * @module
 */
import type { SnapshotAssociation, SnapshotInterface } from '#core/datapath/snapshot.ts';
import { buildUdpPacket } from '#core/host/memory/ip-packet.ts';
import { sealEsp, type EspPacket } from './packet/esp-sealer.ts';
import type { WireMessage } from './fake-ports.ts';
import {
  inner4,
  makeAssociation,
  makeInterface,
  makeSnapshot,
  nullShape,
  nullSpec,
  outer4,
  TestDatapath,
} from './test-datapath.ts';

/** An inner UDP packet with this TOS. */
export function innerUdp(tos = 0, pair = inner4): Uint8Array {
  return buildUdpPacket({ ...pair, sourcePort: 1, destinationPort: 2, payload: new Uint8Array(16), tos });
}

/** One inbound association and what is needed to make packets for it. */
export class Receiver {
  readonly datapath = new TestDatapath();
  readonly association: SnapshotAssociation;
  #sequence = 0;

  constructor(
    association: Partial<SnapshotAssociation> = {},
    interfaces: readonly SnapshotInterface[] = [makeInterface()],
    more: readonly SnapshotAssociation[] = [],
  ) {
    const transform = this.datapath.transforms.create(nullSpec);
    this.association = makeAssociation({ ...nullShape, transform, ...association });
    const inbound = [this.association, ...more.map((other) => ({ ...other, transform }))];
    this.datapath.apply(makeSnapshot({ interfaces, inbound }));
  }

  /** The next ESP packet for the association, or one to order. */
  seal(packet: Partial<EspPacket> = {}): Uint8Array {
    const { spi, transform } = this.association;
    const inner = packet.inner ?? innerUdp();
    const nextHeader = inner.length > 0 && inner[0]! >>> 4 === 6 ? 41 : 4;
    return sealEsp(this.datapath.transforms, transform, {
      spi,
      sequence: ++this.#sequence,
      nextHeader,
      inner,
      ...packet,
    });
  }

  /** Receive messages on a socket; ESP from the peer unless the message says otherwise. */
  receive(token: number, ...messages: (Partial<WireMessage> & { bytes: Uint8Array })[]): void {
    for (const message of messages) {
      this.datapath.wire.toReceive.push({ tos: 0, sender: outer4.peer, ...message });
    }
    this.datapath.inbound.pump(token, 2000);
  }
}
