/**
 * Hands snapshots to the datapath, one at a time. While one is on its way only the latest of the next is kept:
 * a thousand changes in a burst cost two or three publications.
 * @module
 */
import type { Snapshot } from '#core/datapath/snapshot.ts';
import type { DatapathPort } from './datapath-port.ts';

type Waiter = { readonly resolve: () => void; readonly reject: (error: unknown) => void };

/** The way to the datapath. */
export class Publisher {
  readonly #datapath: DatapathPort;
  #next: Snapshot | null = null;
  #waiters: Waiter[] = [];
  #isRunning = false;
  #appliedVersion = 0;

  constructor(datapath: DatapathPort) {
    this.#datapath = datapath;
  }

  /** Version of the last snapshot that both workers decide by. */
  get appliedVersion(): number {
    return this.#appliedVersion;
  }

  /** Publish `snapshot`, or a later one in its stead; resolves when the workers decide by it. */
  offer(snapshot: Snapshot): Promise<void> {
    this.#next = snapshot;
    const applied = new Promise<void>((resolve, reject) => this.#waiters.push({ resolve, reject }));
    if (!this.#isRunning) void this.#run();
    return applied;
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    while (this.#next !== null) {
      const snapshot = this.#next;
      const waiters = this.#waiters;
      this.#next = null;
      this.#waiters = [];
      try {
        await this.#datapath.publish(snapshot);
        this.#appliedVersion = snapshot.version;
        for (const waiter of waiters) waiter.resolve();
      } catch (error) {
        for (const waiter of waiters) waiter.reject(error);
      }
    }
    this.#isRunning = false;
  }
}
