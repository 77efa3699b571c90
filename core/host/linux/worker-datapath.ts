/**
 * The datapath as two worker threads, one a direction (design: they share no mutable state but the counters).
 *
 * A worker that dies takes the datapath with it, never silently: `onFailure` is called once, and the helper must end,
 * because packets would no longer be decided by what the operator configured.
 * @module
 */
import { Worker } from 'node:worker_threads';
import { invariant } from '#core/base/invariant.ts';
import { Counters } from '#core/datapath/counters.ts';
import type { DatapathEvent, Snapshot } from '#core/datapath/snapshot.ts';
import type { ReplayWindowView } from '#core/esp/replay-window.ts';
import type { DatapathPort } from '#core/tunnel/port/datapath-port.ts';
import type { NativePackage } from './native.ts';
import { DeltaWriter } from './snapshot-delta.ts';
import { anchorClock, type ClockAnchor } from './steady-clock.ts';
import type { ReplayAnswer, WorkerMessage, WorkerSetup } from './worker-loop.ts';

/** Directions, and the entry module of each one's worker. */
const entries = { outbound: './outbound-worker.ts', inbound: './inbound-worker.ts' } as const;

/** A worker allocates nothing per packet: what Node.js would give its heap of young objects is 4 MiB that nobody needs. */
const maxYoungGenerationSizeMb = 3;

type Direction = keyof typeof entries;

/** Longest that a worker may take to stop before it is terminated. */
const stopTimeoutMs = 3000;

type Thread = {
  readonly direction: Direction;
  readonly worker: Worker;
  readonly waiter: number;
  readonly exited: Promise<void>;
};

type Pending = {
  readonly version: number;
  readonly waitsFor: Set<Direction>;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
};

type Question = {
  readonly resolve: (windows: ReplayAnswer['windows']) => void;
  readonly reject: (error: Error) => void;
};

/** `DatapathPort` over two worker threads and the native package. */
export class WorkerDatapath implements DatapathPort {
  readonly counters = new Counters();
  readonly #native: NativePackage;
  readonly #onFailure: (error: Error) => void;
  readonly #clock: ClockAnchor;
  readonly #threads: readonly Thread[];
  readonly #listeners: ((event: DatapathEvent) => void)[] = [];
  readonly #deltas = new DeltaWriter();
  #pending: Pending[] = [];
  /** Questions about replay windows that are not answered yet, by number. */
  readonly #questions = new Map<number, Question>();
  #nextQuestion = 0;
  #failure: Error | null = null;
  #isStopping = false;

  /** Starts both workers, whose clock counts from `clock`. `onFailure` is called once when one of them dies. */
  constructor(native: NativePackage, onFailure: (error: Error) => void, clock: ClockAnchor = anchorClock()) {
    this.#native = native;
    this.#onFailure = onFailure;
    this.#clock = clock;
    this.#threads = [this.#start('outbound'), this.#start('inbound')];
  }

  publish(snapshot: Snapshot): Promise<void> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      const waitsFor = new Set(this.#threads.map((thread) => thread.direction));
      this.#pending.push({ version: snapshot.version, waitsFor, resolve, reject });
      const delta = this.#deltas.write(snapshot);
      for (const thread of this.#threads) this.#send(thread, { kind: 'apply', delta });
    });
  }

  replayWindows(ids: readonly number[]): Promise<readonly (ReplayWindowView | null)[]> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    const inbound = this.#threads.find(({ direction }) => direction === 'inbound');
    invariant(inbound !== undefined, 'both threads were started');
    const request = this.#nextQuestion++;
    return new Promise((resolve, reject) => {
      this.#questions.set(request, { resolve, reject });
      this.#send(inbound, { kind: 'replay-windows', request, ids });
    });
  }

  onEvent(listener: (event: DatapathEvent) => void): void {
    this.#listeners.push(listener);
  }

  async stop(): Promise<void> {
    if (this.#isStopping) return;
    this.#isStopping = true;
    for (const thread of this.#threads) this.#send(thread, { kind: 'stop' });
    await Promise.all(this.#threads.map((thread) => this.#awaitExit(thread)));
    this.#rejectPending(new Error('the datapath was stopped'));
    for (const { waiter } of this.#threads) this.#native.closeWaiter(waiter);
  }

  #start(direction: Direction): Thread {
    const waiter = this.#native.createWaiter();
    const workerData: WorkerSetup = { counters: this.counters.buffer, waiter, clock: this.#clock };
    // No options of the process: they may speak of its entry module.
    const options = { workerData, name: direction, execArgv: [], resourceLimits: { maxYoungGenerationSizeMb } };
    const worker = new Worker(new URL(entries[direction], import.meta.url), options);
    const exited = new Promise<void>((resolve) => {
      worker.once('exit', (code) => {
        resolve();
        if (!this.#isStopping) this.#fail(new Error(`the ${direction} worker ended with status ${code}`));
      });
    });
    worker.on('error', (error) => this.#fail(error instanceof Error ? error : new Error('a worker threw')));
    worker.on('message', (event: DatapathEvent | ReplayAnswer) => this.#receive(event));
    return { direction, worker, waiter, exited };
  }

  #send({ worker, waiter }: Thread, message: WorkerMessage): void {
    worker.postMessage(message);
    this.#native.wake(waiter);
  }

  #receive(event: DatapathEvent | ReplayAnswer): void {
    if (event.kind === 'replay-windows') {
      this.#questions.get(event.request)?.resolve(event.windows);
      this.#questions.delete(event.request);
      return;
    }
    if (event.kind !== 'applied') {
      for (const listener of this.#listeners) listener(event);
      return;
    }
    const pending = this.#pending.find(({ version }) => version === event.version);
    if (pending === undefined) return;
    pending.waitsFor.delete(event.direction);
    if (pending.waitsFor.size > 0) return;
    this.#pending = this.#pending.filter((other) => other !== pending);
    pending.resolve();
  }

  #fail(error: Error): void {
    if (this.#failure !== null) return;
    this.#failure = error;
    this.#rejectPending(error);
    this.#onFailure(error);
  }

  #rejectPending(error: Error): void {
    for (const { reject } of [...this.#pending, ...this.#questions.values()]) reject(error);
    this.#pending = [];
    this.#questions.clear();
  }

  /** A worker in the native wait does not hear `terminate`; the wake-up gets it out, and then either works. */
  async #awaitExit({ worker, waiter, exited }: Thread): Promise<void> {
    const timer = setTimeout(() => {
      void worker.terminate();
      this.#native.wake(waiter);
    }, stopTimeoutMs);
    await exited;
    clearTimeout(timer);
  }
}
