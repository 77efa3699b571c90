/**
 * Remembers when the count of failed integrity checks of an association last rose: the datapath only counts.
 * @module
 */
import type { SecurityAssociation } from '#core/sad/security-association.ts';

type Observation = { readonly failures: number; readonly lastMs: number };

/** Times of failures by association. */
export class FailureWatch {
  #seen = new Map<number, Observation>();

  /** Look at the counts of all associations at `now`; those that are gone are forgotten. */
  observe(associations: Iterable<SecurityAssociation>, failuresOf: (slot: number) => number, now: number): void {
    const seen = new Map<number, Observation>();
    for (const { id, slot } of associations) {
      const failures = failuresOf(slot);
      if (failures === 0) continue;
      const before = this.#seen.get(id);
      seen.set(id, before?.failures === failures ? before : { failures, lastMs: now });
    }
    this.#seen = seen;
  }

  /** When a check of this association last failed, as precisely as it was looked at; 0 for never. */
  lastFailureMs(association: SecurityAssociation): number {
    return this.#seen.get(association.id)?.lastMs ?? 0;
  }
}
