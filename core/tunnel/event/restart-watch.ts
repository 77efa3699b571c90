/**
 * Notices a peer that has restarted and counts from 1 again on an association with a fixed key: everything it sends lies
 * left of the replay window (RFC 4303 §3.4.3), and nothing else tells why the tunnel is silent. Keys set by hand are for
 * the time that both ends run; after a restart both need new ones (RFC 4303 §3.3.3, RFC 8221 §3).
 *
 * It is a guess: replays are dropped before their integrity is checked, so anyone can bring the count up. Nothing but a
 * line in the log follows from it.
 * @module
 */
import type { Log } from '#core/base/port.ts';
import type { AssociationUsage, SecurityAssociation } from '#core/sad/security-association.ts';

/** Replays in a row that are not chance. */
const threshold = 8;

type Observation = {
  /** Packets taken, and replays when they last rose. */
  readonly packets: number;
  readonly replaysBefore: number;
  readonly isTold: boolean;
};

/** What was seen of each association. */
export class RestartWatch {
  readonly #log: Log;
  #seen = new Map<number, Observation>();

  constructor(log: Log) {
    this.#log = log;
  }

  /** Look at the counts of all associations; those that are gone are forgotten. */
  observe(
    associations: Iterable<SecurityAssociation>,
    usageOf: (slot: number) => Pick<AssociationUsage, 'packets' | 'replayDrops'>,
  ): void {
    const seen = new Map<number, Observation>();
    for (const association of associations) {
      const { packets, replayDrops } = usageOf(association.slot);
      const before = this.#seen.get(association.id);
      if (before?.packets !== packets) {
        seen.set(association.id, { packets, replaysBefore: replayDrops, isTold: false });
        continue;
      }
      const isNews = !before.isTold && packets > 0 && replayDrops - before.replaysBefore >= threshold;
      if (isNews) this.#tell(association, replayDrops - before.replaysBefore);
      seen.set(association.id, isNews ? { ...before, isTold: true } : before);
    }
    this.#seen = seen;
  }

  #tell({ source, destination, spi }: SecurityAssociation, replays: number): void {
    const fields = { source, destination, spi, replays };
    this.#log.warn('the peer seems to count from 1 again: after its restart both ends need new keys', fields);
  }
}
