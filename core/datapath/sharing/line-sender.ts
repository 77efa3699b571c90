/**
 * The thread at the head of the line: sends batches in the order of their places, as a worker that is alone would.
 * It decides nothing, and knows neither interfaces nor associations.
 * @module
 */
import type { WirePort } from '#core/datapath/ports.ts';
import { PlaceState, type SendLine } from './send-line.ts';

/** The sender's step. */
export class LineSender {
  readonly #line: SendLine;
  readonly #wire: Pick<WirePort, 'send'>;
  /** Place whose turn it is. */
  #next = 0;

  constructor(line: SendLine, wire: Pick<WirePort, 'send'>) {
    this.#line = line;
    this.#wire = wire;
  }

  /** Send what is due, and wait at most `withinMs` for more when nothing is. False when it is over: a thread has died. */
  step(withinMs: number): boolean {
    const seen = this.#line.signal();
    let isIdle = true;
    while (!this.#line.isAbandoned() && this.#serve()) isIdle = false;
    if (this.#line.isAbandoned()) return false;
    if (isIdle) this.#line.awaitSignal(seen, withinMs);
    return true;
  }

  /** The next place, if it is ready or was left. */
  #serve(): boolean {
    const worker = this.#line.workerAt(this.#next);
    if (worker < 0) return false;
    const state = this.#line.stateOf(worker);
    if (state !== PlaceState.ready && state !== PlaceState.left) return false;
    if (state === PlaceState.ready) {
      const { rows, addresses, arena } = this.#line.slot(worker);
      this.#wire.send(rows, this.#line.countOf(worker), arena, addresses);
    }
    this.#next = (this.#next + 1) | 0;
    this.#line.finish(worker, state === PlaceState.ready ? PlaceState.sent : PlaceState.idle);
    return true;
  }
}
