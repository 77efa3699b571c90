/**
 * A watched status on its way to one listener: whole once, then what has changed since the last update, no more often
 * than the listener asked for. While one update has not left, others wait as one: what is kept is the reading that the
 * listener has, whatever it does with it. Time is that of the readings.
 * @module
 */
import { changesBetween, hasTraffic } from './status-change.ts';
import {
  heartbeatMs,
  type StatusChanges,
  type StatusUpdate,
  type Watched,
  type WholeStatus,
} from './watch-contract.ts';

/** Readings come a second apart, now and then a little less. */
const slackMs = 100;

/** What a feed needs. */
export type FeedOptions = {
  /** Resolves when the update has left. */
  readonly send: (update: StatusUpdate) => Promise<void>;
  /** `changesBetween`, or one that remembers what several feeds ask for. */
  readonly compare?: (before: Watched, now: Watched) => StatusChanges | null;
};

/** The feed of one listener, at rest until it is started. */
export class StatusFeed {
  readonly #send: FeedOptions['send'];
  readonly #compare: NonNullable<FeedOptions['compare']>;
  #known: Watched | null = null;
  #number = 0;
  #everyMs = 0;
  #sentMs = 0;
  /** The last update told of traffic: that it has ended is news. */
  #hasFlowed = false;
  #sending: Promise<void> | null = null;

  constructor({ send, compare = changesBetween }: FeedOptions) {
    this.#send = send;
    this.#compare = compare;
  }

  /** Whether somebody listens. */
  get isOn(): boolean {
    return this.#known !== null;
  }

  /** Begin with `now`, or begin anew. */
  start(now: Watched, everyMs: number): Pick<WholeStatus, 'number' | 'status'> {
    this.#known = now;
    this.#number += 1;
    this.#everyMs = everyMs;
    this.#sentMs = now.nowMs;
    return { number: this.#number, status: now };
  }

  /** Send no more. */
  stop(): void {
    this.#known = null;
  }

  /** What the listener has still held later: `confirmed` is `known` at another time. */
  confirm(known: Watched, confirmed: Watched): void {
    if (this.#known === known) this.#known = confirmed;
  }

  /** A new reading: send what it changes, when it is time. */
  offer(now: Watched): void {
    if (this.#known === null || this.#sending !== null) return;
    if (now.nowMs - this.#sentMs < this.#everyMs - slackMs) return;
    const isDue = now.nowMs - this.#sentMs >= heartbeatMs - slackMs;
    this.#tell(this.#known, now, isDue || this.#hasFlowed);
  }

  /** Send what the reading of this moment changes, now. Resolves when it has left. */
  async flush(read: () => Watched): Promise<void> {
    await this.#sending;
    if (this.#known === null) return;
    this.#tell(this.#known, read(), false);
    await this.#sending;
  }

  #tell(known: Watched, now: Watched, evenNothing: boolean): void {
    const changes = this.#compare(known, now);
    this.#known = now;
    if (changes === null && !evenNothing) return;
    this.#hasFlowed = changes !== null && hasTraffic(changes);
    const from = this.#number;
    this.#number += 1;
    this.#sentMs = now.nowMs;
    const update = { from, number: this.#number, sinceMs: known.nowMs, nowMs: now.nowMs, changes: changes ?? {} };
    this.#sending = this.#send(update)
      .catch(() => this.stop()) // whoever watches the connection says why
      .finally(() => (this.#sending = null));
  }
}

/** `changesBetween` that gives feeds which have the same reading the same answer. */
export function rememberedChanges(): (before: Watched, now: Watched) => StatusChanges | null {
  const answers = new WeakMap<Watched, { readonly now: Watched; readonly changes: StatusChanges | null }>();
  return (before, now) => {
    const known = answers.get(before);
    if (known?.now === now) return known.changes;
    const changes = changesBetween(before, now);
    answers.set(before, { now, changes });
    return changes;
  };
}
