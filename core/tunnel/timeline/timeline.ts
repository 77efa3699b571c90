/**
 * The human timeline: the last 2000 entries of what has happened, in order, and those who hear each new one.
 * @module
 */
import { timelineKindRows, timelineText, type TimelineDetails, type TimelineKind } from './timeline-kind.ts';
import type { TimelineSeverity } from './timeline-kind.ts';

/** One entry. */
export type TimelineEntry = {
  /** Rises by one with each. */
  readonly id: number;
  /** Milliseconds since the epoch, on the clock of the gateway. */
  readonly atMs: number;
  readonly severity: TimelineSeverity;
  readonly kind: TimelineKind;
  readonly interface: string | null;
  readonly text: string;
  readonly details: TimelineDetails;
};

/** What those who listen hear. */
export type TimelineEvent = { readonly kind: 'timeline'; readonly atMs: number; readonly entry: TimelineEntry };

/** Entries that are kept. */
const capacity = 2000;

/** The timeline. */
export class Timeline {
  readonly #entries: TimelineEntry[] = [];
  readonly #listeners = new Set<(event: TimelineEvent) => void>();
  #nextId = 1;

  /** Add an entry, and tell it. */
  add(kind: TimelineKind, atMs: number, interfaceName: string | null, details: TimelineDetails = {}): void {
    const id = this.#nextId++;
    const { severity } = timelineKindRows[kind];
    const text = timelineText(kind, interfaceName, details);
    const entry = { id, atMs, severity, kind, interface: interfaceName, text, details };
    this.#entries[(id - 1) % capacity] = entry;
    for (const listener of this.#listeners) listener({ kind: 'timeline', atMs, entry });
  }

  /** The newest first, at most `limit`; `name`: only those about this interface or profile. */
  list(name: string | null, limit: number): TimelineEntry[] {
    const found: TimelineEntry[] = [];
    for (const entry of this.newestFirst()) {
      if (found.length >= limit) break;
      if (name === null || entry.interface === name || entry.details['profile'] === name) found.push(entry);
    }
    return found;
  }

  /** Every entry that is kept. */
  *newestFirst(): Iterable<TimelineEntry> {
    const oldest = Math.max(1, this.#nextId - capacity);
    for (let id = this.#nextId - 1; id >= oldest; id--) {
      const entry = this.#entries[(id - 1) % capacity];
      if (entry !== undefined) yield entry;
    }
  }

  /** Hear every new entry; gives what ends that. Listeners must not throw. */
  subscribe(listener: (event: TimelineEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
