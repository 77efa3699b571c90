/**
 * Events on their way to one connection: a bounded queue, so that a listener that does not read costs a fixed amount of
 * memory. When it is full the oldest event goes, and the events say how many went.
 * @module
 */

/** Events that may wait for a listener. */
export const eventQueueLength = 256;

/** The queue of one connection. */
export class EventQueue<Event> {
  readonly #send: (event: Event, dropped: number) => Promise<void>;
  #waiting: Event[] = [];
  #dropped = 0;
  #isSending = false;
  #isClosed = false;

  /** `send` resolves when the event has left for the kernel. */
  constructor(send: (event: Event, dropped: number) => Promise<void>) {
    this.#send = send;
  }

  /** Send an event after those before it. */
  offer(event: Event): void {
    if (this.#isClosed) return;
    if (this.#waiting.length === eventQueueLength) {
      this.#waiting.shift();
      this.#dropped++;
    }
    this.#waiting.push(event);
    if (!this.#isSending) void this.#drain();
  }

  /** Forget what waits: the connection has ended. */
  close(): void {
    this.#isClosed = true;
    this.#waiting = [];
  }

  async #drain(): Promise<void> {
    this.#isSending = true;
    for (let event = this.#waiting.shift(); event !== undefined; event = this.#waiting.shift()) {
      try {
        await this.#send(event, this.#dropped);
      } catch {
        // The connection is ending; whoever watches it says why.
        this.close();
      }
    }
    this.#isSending = false;
  }
}
