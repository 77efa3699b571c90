/**
 * NAT keepalives (RFC 3948 §4): one byte 0xff from the association's own socket to where its packets go, when an
 * interface has sent nothing for 20 seconds, so that a NAT in between keeps its mapping.
 *
 * Sent while there is an association to send on, and no longer (RFC 3948 §4: no associations, no keepalives).
 * @module
 */
import { keepaliveByte } from '#core/esp/udp-encapsulation.ts';
import { InterfaceCell, type Counters } from '#core/datapath/counters.ts';
import type { OutboundAssociation, OutboundInterface, OutboundTable } from '#core/datapath/outbound-table.ts';
import { SendRow, type WirePort } from '#core/datapath/ports.ts';

/** RFC 3948 §4: the default M. */
const idleMs = 20_000;
/** Idle interfaces are looked for this often. */
const lookMs = 1000;
const payload = Uint8Array.of(keepaliveByte);

/** Keepalives of one outbound worker. */
export class Keepalives {
  readonly #wire: WirePort;
  readonly #counters: Counters;
  readonly #row = new Int32Array(SendRow.stride);
  /** Slot of an interface → when it was first seen, or its last keepalive. */
  #sinceMs = new Map<number, number>();
  #lookedMs = -Infinity;

  constructor(wire: WirePort, counters: Counters) {
    this.#wire = wire;
    this.#counters = counters;
  }

  /** Send what is due. Cheap enough to be called at every turn of a loop. */
  tick(table: OutboundTable, now: number): void {
    const elapsed = now - this.#lookedMs;
    if (elapsed >= 0 && elapsed < lookMs) return;
    this.#lookedMs = now;
    const sinceMs = new Map<number, number>();
    for (const entry of table.interfaces.values()) {
      const association = keptAlive(entry);
      if (association === null) continue;
      const quietSince = Math.max(this.#lastOutputMs(entry), this.#sinceMs.get(entry.slot) ?? now);
      const isDue = now - quietSince >= idleMs;
      if (isDue) this.#send(entry, association, table.addresses);
      sinceMs.set(entry.slot, isDue ? now : quietSince);
    }
    this.#sinceMs = sinceMs;
  }

  /** Something that is no output went to the interface's peer, and a NAT has seen it. */
  noteSent({ slot }: OutboundInterface, now: number): void {
    if (this.#sinceMs.has(slot)) this.#sinceMs.set(slot, now);
  }

  #lastOutputMs({ slot }: OutboundInterface): number {
    return this.#counters.latest(slot, InterfaceCell.lastOutputMs);
  }

  /** One that is lost, or refused, is made good by the next. */
  #send({ outerTtl }: OutboundInterface, { sa, index }: OutboundAssociation, addresses: Uint8Array): void {
    const row = this.#row.fill(0);
    row[SendRow.socket] = sa.socket;
    row[SendRow.length] = payload.length;
    row[SendRow.segmentBytes] = payload.length;
    row[SendRow.address] = index;
    row[SendRow.ttl] = outerTtl;
    this.#wire.send(row, 1, payload, addresses);
  }
}

/** Whether keepalives of an interface have somewhere to go. */
export function hasKeepalives(table: OutboundTable): boolean {
  for (const entry of table.interfaces.values()) if (keptAlive(entry) !== null) return true;
  return false;
}

/** The association whose path is kept open; both inner families share it. */
function keptAlive({ isUp, keepalives, ipv4, ipv6 }: OutboundInterface): OutboundAssociation | null {
  if (!isUp || !keepalives) return null;
  for (const policy of [ipv4, ipv6]) if (policy?.association?.sa.udp) return policy.association;
  return null;
}
