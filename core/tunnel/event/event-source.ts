/**
 * From what the datapath and the lifetimes report to what listeners hear and the log says. One listener more or less
 * costs the datapath nothing: it reports an acquire at most once a second and policy.
 * @module
 */
import type { Clock, Log } from '#core/base/port.ts';
import { dropReasonName, dropReasons } from '#core/datapath/drop-reason.ts';
import type { DatapathEvent } from '#core/datapath/snapshot.ts';
import { formatAddress } from '#core/ip/address.ts';
import type { Interface } from '#core/ipsecif/interface.ts';
import type { LifetimeEvent } from '#core/sad/sad.ts';
import { AcquireLimit } from './acquire-limit.ts';
import { expireEvent, type EventListener, type GatewayEvent } from './gateway-event.ts';
import type { DatabaseChange } from '#core/setkey/database-change.ts';
import { policyReqid } from '#core/tunnel/interface-plan.ts';

/** What an event source stands on. */
export type EventSurroundings = {
  readonly clock: Clock;
  readonly log: Log;
  /** The interface with this counter slot; null when it is gone. */
  readonly interfaceOf: (slot: number) => Interface | null;
};

const expiryMessages: Readonly<Record<LifetimeEvent['kind'], string>> = {
  soft: 'association is dying',
  hard: 'association has ended',
  unused: 'unused association has ended',
};

/** Tells events. */
export class EventSource {
  readonly #surroundings: EventSurroundings;
  readonly #listeners = new Set<EventListener>();
  readonly #acquires = new AcquireLimit();
  #sequence = 0;

  constructor(surroundings: EventSurroundings) {
    this.#surroundings = surroundings;
  }

  /** Hear every event from now on; gives what ends that. */
  subscribe(listener: EventListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Process `pid` has changed SAD or SPD. */
  changed(change: DatabaseChange, pid: number): void {
    if (this.#listeners.size > 0) this.#tell({ ...change, atMs: this.#surroundings.clock.now(), pid });
  }

  /** A lifetime has passed. */
  expired(event: LifetimeEvent): void {
    const { clock, log } = this.#surroundings;
    const { source, destination, spi } = event.association;
    log.warn(expiryMessages[event.kind], { source, destination, spi, limit: event.limit });
    this.#tell(expireEvent(event, clock.now()));
  }

  /** A packet has no association to go by. */
  acquire({ interfaceSlot, spid }: DatapathEvent & { kind: 'acquire' }): void {
    const { clock, log, interfaceOf } = this.#surroundings;
    const atMs = clock.now();
    if (!this.#acquires.admit(spid, atMs)) return;
    const record = interfaceOf(interfaceSlot);
    if (record?.policies == null) return;
    const { out4, out6 } = record.policies;
    const policy = out4.spid === spid ? out4 : out6.spid === spid ? out6 : null;
    if (policy === null || record.outer === null) return;
    const { local: source, peer: destination } = record.outer;
    const reqid = policyReqid(policy);
    log.warn('no association for an outbound packet', { interface: record.name, spid, source, destination, reqid });
    const family = policy === out4 ? 4 : 6;
    const sequence = ++this.#sequence;
    this.#tell({ kind: 'acquire', atMs, interface: record.name, spid, source, destination, reqid, family, sequence });
  }

  /** A packet was dropped that is to be audited. Nothing of what was inside it is told. */
  audited({ drop }: DatapathEvent & { kind: 'audit' }): void {
    const { clock, log, interfaceOf } = this.#surroundings;
    const reason = dropReasonName(drop.reason);
    if (reason === null) return;
    const { family, spi, sequence, flowLabel, packets } = drop;
    const told = {
      ...{ reason, interface: interfaceOf(drop.interfaceSlot)?.name ?? null },
      source: formatAddress(drop.source, 0, family),
      destination: formatAddress(drop.destination, 0, family),
      ...{ spi, sequence, flowLabel, packets },
    };
    log.warn(`audit: ${dropReasons[reason].label}`, told);
    this.#tell({ kind: 'audit', atMs: clock.now(), ...told });
  }

  #tell(event: GatewayEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
