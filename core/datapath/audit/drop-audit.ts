/**
 * Which dropped packets are told one by one: the auditable events of RFC 4303 §4 and RFC 4301 §5.2, which drop-reason.ts
 * marks. Whoever sends them must fill no disk: there is at most one a second, interface and reason, and ten a second
 * in all; each says how many packets it stands for. An administrator can switch it off.
 *
 * Counting is not done here: every drop has its counter, told or not.
 * @module
 */
import { dropReasonCount, dropReasons, type DropReasonRow } from '#core/datapath/drop-reason.ts';
import { Interval, TokenBucket } from '#core/datapath/rate-limit.ts';
import type { Snapshot } from '#core/datapath/snapshot.ts';

const repeatMs = 1000;
const burst = 20;
const perSecond = 10;

/** 1 for the numbers of auditable reasons. */
const isAuditable = new Uint8Array(dropReasonCount);
for (const row of Object.values<DropReasonRow>(dropReasons)) if (row.audit !== undefined) isAuditable[row.number] = 1;

type Trail = { readonly limit: Interval; packets: number };

/** The audit of one loop. */
export class DropAudit {
  readonly #trails = new Map<number, Trail>();
  readonly #limit = new TokenBucket(burst, perSecond);
  #isOn = false;

  /** What of a snapshot matters here. */
  apply({ auditsDrops, interfaces }: Snapshot): void {
    this.#isOn = auditsDrops ?? false;
    if (this.#trails.size === 0) return;
    const slots = new Set([0, ...interfaces.map(({ slot }) => slot)]);
    for (const key of this.#trails.keys()) {
      if (!this.#isOn || !slots.has(Math.floor(key / dropReasonCount))) this.#trails.delete(key);
    }
  }

  /** `packets` of an interface (slot 0: of none) were dropped. Returns how many an event is to stand for; 0 for none now. */
  admit(slot: number, reason: number, packets: number, now: number): number {
    if (!this.#isOn || isAuditable[reason] === 0) return 0;
    const trail = this.#trailOf(slot * dropReasonCount + reason);
    trail.packets += packets;
    if (!trail.limit.take(now) || !this.#limit.take(now)) return 0;
    const told = trail.packets;
    trail.packets = 0;
    return told;
  }

  #trailOf(key: number): Trail {
    let trail = this.#trails.get(key);
    if (trail === undefined) {
      trail = { limit: new Interval(repeatMs), packets: 0 };
      this.#trails.set(key, trail);
    }
    return trail;
  }
}
