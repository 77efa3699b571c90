/**
 * When culvertd looks after everything: once a second while something moves, and every ten seconds when nothing has for a
 * while, for each time that a sleeping processor is woken costs more than what is done then. A packet, a command or
 * whatever else happens ends the rest at once; what is due by time alone is not late for it. A question has it look, and
 * rest on.
 * @module
 */
import { heartbeatMs } from '#core/api/watch/watch-contract.ts';
import type { Clock } from '#core/base/port.ts';
import { silenceMs } from '#core/tunnel/tunnel-state.ts';

/** How often the gateway looks at lifetimes and states. */
const beatMs = 1000;
/** Whoever watches hears this often that culvertd lives. */
const restMs = heartbeatMs;
/** A rest begins when what a tunnel's silence makes of its state has been seen. */
const settleMs = silenceMs + 2 * beatMs;

/** What a pulse drives. */
export type PulseParts = {
  readonly clock: Clock;
  /** Look at everything; whether something moves. `restedMs`: how long nobody was to look before, 0 for a second. */
  readonly look: (now: number, restedMs: number) => boolean;
  /** When something is due however still all is; infinite for never. */
  readonly dueMs: () => number;
  /** Have `stir` called for the next packet; false when one has come since `look`. */
  readonly awaitPacket: () => boolean;
};

/** The pulse of culvertd, at rest until it is started. */
export class Pulse {
  readonly #parts: PulseParts;
  #timer: NodeJS.Timeout | null = null;
  #stirredMs = 0;
  #lookedMs = 0;
  #restedMs = 0;

  constructor(parts: PulseParts) {
    this.#parts = parts;
  }

  /** Begin; `stir` does nothing before. */
  start(): void {
    this.#stirredMs = this.#parts.clock.now();
    this.#wait(beatMs);
  }

  /** Something has happened: look now if this is a rest, and every second from now on. */
  stir(): void {
    if (this.#timer === null) return;
    this.#stirredMs = this.#parts.clock.now();
    if (this.#restedMs > 0) this.#beat();
  }

  /** Somebody is to be told how things are: look now if the last look is a second ago, and rest on. */
  ask(): void {
    if (this.#timer === null || this.#restedMs === 0) return;
    if (this.#parts.clock.now() - this.#lookedMs >= beatMs) this.#beat();
  }

  /** Look no more. */
  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #beat(): void {
    const { clock, look, dueMs, awaitPacket } = this.#parts;
    const now = clock.now();
    const restedMs = this.#restedMs;
    this.#restedMs = 0;
    this.#lookedMs = now;
    this.#wait(beatMs);
    if (look(now, restedMs)) this.#stirredMs = now;
    if (this.#timer === null || now - this.#stirredMs < settleMs) return;
    const waitMs = Math.min(restMs, dueMs() - now);
    if (waitMs <= beatMs || !awaitPacket()) return;
    this.#restedMs = waitMs;
    this.#wait(waitMs);
  }

  #wait(ms: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#beat(), ms);
  }
}
