/**
 * The datapath as worker threads: one a direction, which share no mutable state but the counters, or several, whose
 * numbers and sending go through one line (core/datapath/sharing/).
 *
 * A worker that dies takes the datapath with it, never silently: `onFailure` is called once, and the helper must end,
 * because packets would no longer be decided by what the operator configured.
 * @module
 */
import { Worker } from 'node:worker_threads';
import { invariant } from '#core/base/invariant.ts';
import { counterMemory, Counters } from '#core/datapath/counters.ts';
import { Movement, movementMemory } from '#core/datapath/sharing/movement.ts';
import { SendLine, sendLineMemory } from '#core/datapath/sharing/send-line.ts';
import { SharedWindows } from '#core/datapath/sharing/shared-window.ts';
import { depthMemory } from '#core/datapath/sharing/shared-numbers.ts';
import type { DatapathEvent, Snapshot } from '#core/datapath/snapshot.ts';
import type { ReplayWindowView } from '#core/esp/replay-window.ts';
import type { DatapathPort } from '#core/tunnel/port/datapath-port.ts';
import type { NativePackage } from './native.ts';
import { DeltaWriter } from './snapshot-delta.ts';
import { anchorClock, type ClockAnchor } from './steady-clock.ts';
import type { MovementNote, ReplayAnswer, SharedMemory, WorkerMessage, WorkerSetup } from './worker-loop.ts';
import { bankCount, banksOf, singleWorkers, type WorkerPlan } from './worker-plan.ts';

/** Directions, and the entry module of each one's worker. */
const entries = {
  outbound: './outbound-worker.ts',
  inbound: './inbound-worker.ts',
  sender: './sender-worker.ts',
} as const;

/** A worker allocates nothing per packet: what Node.js would give its heap of young objects is 4 MiB that nobody needs. */
const maxYoungGenerationSizeMb = 3;

type Role = keyof typeof entries;

/** Longest that a worker may take to stop before it is terminated. */
const stopTimeoutMs = 3000;

type Thread = {
  readonly role: Role;
  readonly worker: Worker;
  readonly waiter: number;
  readonly exited: Promise<void>;
};

type Pending = {
  readonly version: number;
  readonly waitsFor: Set<Thread>;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
};

type Question = {
  readonly resolve: (windows: ReplayAnswer['windows']) => void;
  readonly reject: (error: Error) => void;
};

/** `DatapathPort` over worker threads and the native package. */
export class WorkerDatapath implements DatapathPort {
  readonly counters: Counters;
  readonly outboundWorkers: number;
  readonly #native: NativePackage;
  readonly #onFailure: (error: Error) => void;
  readonly #clock: ClockAnchor;
  readonly #plan: WorkerPlan;
  readonly #shared: SharedMemory | null;
  readonly #line: SendLine | null;
  /** Those that decide by snapshots. */
  readonly #threads: readonly Thread[];
  readonly #sender: Thread | null;
  readonly #listeners: ((event: DatapathEvent) => void)[] = [];
  readonly #deltas = new DeltaWriter();
  readonly #windows: SharedWindows | null;
  readonly #movementMemory = movementMemory();
  /** Whether packets move. Who waits for the next one hears it by `onMovement`. */
  readonly movement = new Movement(this.#movementMemory);
  #onMovement: () => void = () => undefined;
  #pending: Pending[] = [];
  /** Questions about replay windows that are not answered yet, by number. */
  readonly #questions = new Map<number, Question>();
  #nextQuestion = 0;
  #failure: Error | null = null;
  #isStopping = false;

  /** Starts the workers, whose clock counts from `clock`. `onFailure` is called once when one of them dies. */
  constructor(
    native: NativePackage,
    onFailure: (error: Error) => void,
    clock: ClockAnchor = anchorClock(),
    plan: WorkerPlan = singleWorkers,
  ) {
    this.#native = native;
    this.#onFailure = onFailure;
    this.#clock = clock;
    this.#plan = plan;
    this.counters = new Counters(counterMemory(bankCount(plan)));
    this.outboundWorkers = plan.outbound;
    this.#windows = plan.inbound > 1 ? new SharedWindows() : null;
    this.#shared = plan.outbound > 1 ? shareMemory(plan.outbound) : null;
    this.#line = this.#shared === null ? null : new SendLine(this.#shared.line);
    this.#threads = [
      ...Array.from({ length: plan.outbound }, (_, index) => this.#start('outbound', index)),
      ...Array.from({ length: plan.inbound }, (_, index) => this.#start('inbound', index)),
    ];
    this.#sender = this.#shared === null ? null : this.#start('sender', 0);
  }

  publish(snapshot: Snapshot): Promise<void> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      const waitsFor = new Set(this.#threads);
      this.#pending.push({ version: snapshot.version, waitsFor, resolve, reject });
      const delta = this.#deltas.write(this.#windows === null ? snapshot : this.#windows.attach(snapshot));
      for (const thread of this.#threads) this.#send(thread, { kind: 'apply', delta });
    });
  }

  replayWindows(ids: readonly number[]): Promise<readonly (ReplayWindowView | null)[]> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    const inbound = this.#threads.find(({ role }) => role === 'inbound');
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

  /** Be told when packets come that `movement` was asked to wait for; the last one who asked is. */
  onMovement(listener: () => void): void {
    this.#onMovement = listener;
  }

  async stop(): Promise<void> {
    if (this.#isStopping) return;
    this.#isStopping = true;
    for (const thread of this.#threads) this.#send(thread, { kind: 'stop' });
    await Promise.all(this.#threads.map((thread) => this.#awaitExit(thread)));
    // The sender ends last: workers wait until it has sent what they hold.
    this.#line?.abandon();
    if (this.#sender !== null) await this.#awaitExit(this.#sender);
    this.#rejectPending(new Error('the datapath was stopped'));
    for (const thread of [...this.#threads, this.#sender]) if (thread !== null) this.#native.closeWaiter(thread.waiter);
  }

  #start(role: Role, index: number): Thread {
    const waiter = this.#native.createWaiter();
    const workerData = this.#setupOf(role, index, waiter);
    // No options of the process: they may speak of its entry module.
    const name = index === 0 ? role : `${role}-${index}`;
    const options = { workerData, name, execArgv: [], resourceLimits: { maxYoungGenerationSizeMb } };
    const worker = new Worker(new URL(entries[role], import.meta.url), options);
    const exited = new Promise<void>((resolve) => {
      worker.once('exit', (code) => {
        resolve();
        if (!this.#isStopping) this.#fail(new Error(`the ${name} worker ended with status ${code}`));
      });
    });
    worker.on('error', (error) => this.#fail(error instanceof Error ? error : new Error('a worker threw')));
    const thread: Thread = { role, worker, waiter, exited };
    worker.on('message', (event: DatapathEvent | ReplayAnswer | MovementNote) => this.#receive(event, thread));
    return thread;
  }

  #setupOf(role: Role, index: number, waiter: number): WorkerSetup {
    const direction = role === 'inbound' ? 'inbound' : 'outbound';
    return {
      counters: this.counters.buffer,
      movement: this.#movementMemory,
      banks: banksOf(direction, index, this.#plan),
      place: { index, count: this.#plan[direction] },
      shared: this.#shared,
      waiter,
      clock: this.#clock,
    };
  }

  #send({ worker, waiter }: Thread, message: WorkerMessage): void {
    worker.postMessage(message);
    this.#native.wake(waiter);
  }

  #receive(event: DatapathEvent | ReplayAnswer | MovementNote, thread: Thread): void {
    if (event.kind === 'moved') return this.#onMovement();
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
    pending.waitsFor.delete(thread);
    if (pending.waitsFor.size > 0) return;
    this.#pending = this.#pending.filter((other) => other !== pending);
    pending.resolve();
  }

  #fail(error: Error): void {
    if (this.#failure !== null) return;
    this.#failure = error;
    // One that died may hold numbers that others wait behind: nothing leaves any more.
    this.#line?.abandon();
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

function shareMemory(queues: number): SharedMemory {
  return { queues, line: sendLineMemory(queues), depths: depthMemory() };
}
