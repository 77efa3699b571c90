/**
 * Dummy packets (RFC 4303 §2.6): for interfaces that say so, packets that carry nothing leave at a steady rate, so that
 * who watches does not see when a tunnel is used. Their lengths are drawn evenly up to the interface's MTU, and padded as
 * real ones are; they use up sequence numbers, IVs and limits as real ones do.
 *
 * Not here: how one is sealed and sent (core/datapath/outbound.ts).
 * @module
 */
import { readU32 } from '#core/base/bytes.ts';
import type { Random } from '#core/base/port.ts';
import type { OutboundAssociation, OutboundInterface, OutboundTable } from '#core/datapath/outbound-table.ts';
import { emitIpv4Header, ipv4HeaderBytes } from '#core/ip/ipv4.ts';
import { IpProtocol } from '#core/ip/protocol.ts';

/** Most for one interface at a time, after the loop was held up; what is missed beyond that is not made good. */
const mostAtOnce = 64;

/** An interface that sends dummies, and on what. */
type DummySender = {
  readonly entry: OutboundInterface;
  readonly associations: readonly OutboundAssociation[];
};

/** Seals and sends one. */
export type SendDummy = (
  entry: OutboundInterface,
  association: OutboundAssociation,
  bytes: number,
  now: number,
) => void;

/** Dummy packets of one outbound worker. */
export class DummyPackets {
  readonly #random: Random;
  readonly #draw = new Uint8Array(4);
  #senders: readonly DummySender[] = [];
  /** Slot of an interface → when its next is due. */
  #dueMs = new Map<number, number>();
  #sent = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /** Send for the interfaces of this table from now on. */
  apply(table: OutboundTable): void {
    this.#senders = [...table.interfaces.values()].flatMap((entry) => {
      const associations = dummyAssociations(entry);
      return associations.length === 0 ? [] : [{ entry, associations }];
    });
    const slots = new Set(this.#senders.map(({ entry }) => entry.slot));
    for (const slot of this.#dueMs.keys()) if (!slots.has(slot)) this.#dueMs.delete(slot);
  }

  /** Milliseconds until `tick` has something to do; infinite when it never has. */
  untilDueMs(now: number): number {
    let until = Number.POSITIVE_INFINITY;
    for (const { entry } of this.#senders) {
      until = Math.min(until, Math.max(0, (this.#dueMs.get(entry.slot) ?? now) - now));
    }
    return until;
  }

  /** Send what is due. */
  tick(now: number, send: SendDummy): void {
    for (const { entry, associations } of this.#senders) {
      const everyMs = 1000 / entry.dummiesPerSecond;
      let due = this.#dueMs.get(entry.slot) ?? now;
      // A clock that was set back, or a lower rate before: never wait longer than the rate says.
      due = Math.min(due, now + everyMs);
      for (let count = 0; count < mostAtOnce && due <= now; count++) {
        const association = associations[this.#sent++ % associations.length];
        if (association !== undefined) send(entry, association, this.#drawBytes(entry.mtu), now);
        due += everyMs;
      }
      this.#dueMs.set(entry.slot, due <= now ? now + everyMs : due);
    }
  }

  #drawBytes(mtu: number): number {
    this.#random.fill(this.#draw);
    return ipv4HeaderBytes + (readU32(this.#draw, 0) % (mtu - ipv4HeaderBytes + 1));
  }
}

/** Write the payload of a dummy: an IPv4 header that says its length, from nobody to nobody, and zeros. */
export function emitDummyPayload(out: Uint8Array, offset: number, bytes: number): void {
  out.fill(0, offset, offset + bytes);
  emitIpv4Header({ ...dummyHeader, totalLength: bytes }, out, offset);
}

const nobody = new Uint8Array(4);
const dummyHeader = {
  tos: 0,
  identification: 0,
  hasDontFragment: false,
  timeToLive: 0,
  protocol: IpProtocol.none,
  source: nobody,
  destination: nobody,
};

/** What the interface sends on, each association once; both inner families take part, so that neither is told apart by it. */
function dummyAssociations(entry: OutboundInterface): OutboundAssociation[] {
  if (entry.dummiesPerSecond === 0 || !entry.isUp || !entry.isOuterUsable) return [];
  const found = new Set<OutboundAssociation>();
  for (const policy of [entry.ipv4, entry.ipv6]) {
    if (policy?.action === 'protect' && policy.association !== null) found.add(policy.association);
  }
  return [...found];
}
