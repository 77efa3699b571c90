/**
 * What both datapath workers do: block in the native wait, take in what the control plane sent, let the datapath pump
 * what is ready, repeat until told to stop. The thread never returns to its event loop in between, so messages are
 * fetched, not delivered.
 *
 * A snapshot is acknowledged only after descriptors that it no longer names have left the wait and the datapath decides
 * by it; then the control plane may close them.
 * @module
 */
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { invariant } from '#core/base/invariant.ts';
import { Counters, type CounterBanks } from '#core/datapath/counters.ts';
import type { TunPort, WirePort } from '#core/datapath/ports.ts';
import type { DatapathEvent, Snapshot } from '#core/datapath/snapshot.ts';
import type { ReplayWindowView } from '#core/esp/replay-window.ts';
import { Movement } from '#core/datapath/sharing/movement.ts';
import { WorkerShare, type WorkerPlace } from '#core/datapath/sharing/worker-share.ts';
import type { TransformPort } from '#core/crypto/transform.ts';
import { loadNative, NativeThread, NativeTransform, NativeTun, NativeWire } from './native.ts';
import { BulkTurns } from './bulk-turns.ts';
import { DeltaReader, type SnapshotDelta } from './snapshot-delta.ts';
import { steadyClock, type ClockAnchor } from './steady-clock.ts';
import { WaitSet } from './wait-set.ts';

/** Linux errno that reading a TUN descriptor gives when its device was deleted (drivers/net/tun.c). */
const EBADFD = 77;

/** Memory that all outbound workers and the sender have in common, and how many of them there are. */
export type SharedMemory = {
  readonly queues: number;
  readonly line: SharedArrayBuffer;
  readonly depths: SharedArrayBuffer;
};

/** What a worker is started with. */
export type WorkerSetup = {
  /** Memory of the shared `Counters`, and where this worker writes. */
  readonly counters: SharedArrayBuffer;
  readonly banks: CounterBanks;
  /** Memory of the `Movement` of all workers. */
  readonly movement: SharedArrayBuffer;
  /** Which worker of its direction it is. */
  readonly place: WorkerPlace;
  /** Null where one worker sends, by itself. */
  readonly shared: SharedMemory | null;
  /** Handle of the native waiter that the main thread wakes. */
  readonly waiter: number;
  /** What the threads' common clock counts from. */
  readonly clock: ClockAnchor;
};

/** What the control plane sends to a worker; each message is followed by a wake-up. */
export type WorkerMessage =
  | { readonly kind: 'apply'; readonly delta: SnapshotDelta }
  /** The inbound worker is asked; it gives a `ReplayAnswer` with the same number. */
  | { readonly kind: 'replay-windows'; readonly request: number; readonly ids: readonly number[] }
  | { readonly kind: 'stop' };

/** What the replay windows of associations have seen. */
export type ReplayAnswer = {
  readonly kind: 'replay-windows';
  readonly request: number;
  readonly windows: readonly (ReplayWindowView | null)[];
};

/** Packets are there again, for whoever waits for that. */
export type MovementNote = { readonly kind: 'moved' };

/** The machine as a datapath direction gets it. */
export type DatapathDependencies = {
  readonly tun: TunPort;
  readonly wire: WirePort;
  readonly transforms: TransformPort;
  readonly counters: Counters;
  readonly emit: (event: DatapathEvent) => void;
  readonly place: WorkerPlace;
  readonly shared: SharedMemory | null;
  readonly siblingOf: (token: number, index: number) => number;
};

/** One direction of the datapath, as the loop drives it. */
export type DatapathDirection = {
  readonly direction: 'inbound' | 'outbound';
  /** The descriptors of a snapshot that this direction reads. */
  readonly tokensOf: (snapshot: Snapshot) => readonly number[];
  readonly create: (dependencies: DatapathDependencies) => {
    apply(snapshot: Snapshot): void;
    pump(token: number, now: number): unknown;
    /** What time brings; called when `untilTickMs` has passed, and where nobody says that, once a second. */
    tick?(now: number): void;
    replayWindows?(ids: readonly number[]): readonly (ReplayWindowView | null)[];
    untilTickMs?(now: number): number;
  };
};

/** Pace of what does not say when it wants to be called. */
const tickMs = 1000;

/** Run one direction until a stop message. Called once, by a worker's entry module. */
export function runWorker({ direction, tokensOf, create }: DatapathDirection): void {
  const port = parentPort;
  invariant(port !== null, 'runs in a worker thread');
  const { counters, banks, movement: memory, place, shared, waiter, clock: anchor } = workerData as WorkerSetup;
  const movement = new Movement(memory);
  const clock = steadyClock(anchor);
  const native = loadNative();
  const emit = (event: DatapathEvent | ReplayAnswer | MovementNote): void => port.postMessage(event);
  const waitSet = new WaitSet(native, waiter, clock, (token, errno) => {
    // All queues of a device go together, and the control plane knows the first.
    if (errno === EBADFD) {
      if (place.index === 0) emit({ kind: 'device-gone', tun: token });
    } else
      emit({ kind: 'log', message: `${direction}: descriptor ${token} fails with errno ${errno} and is set aside` });
  });
  const siblingOf = (token: number, index: number): number => native.sibling(token, index);
  const share = place.count > 1 ? new WorkerShare(place, siblingOf) : null;
  const report = (token: number, result: number): void => waitSet.report(token, result);
  const datapath = create({
    tun: new NativeTun(native, report),
    wire: new NativeWire(native, report),
    transforms: new NativeTransform(native),
    counters: new Counters(counters, banks),
    ...{ place, shared, siblingOf },
    // The datapath acknowledges when it decides by a snapshot; the control plane hears of it below, after the wait too.
    emit: (event) => (event.kind === 'applied' ? undefined : emit(event)),
  });

  const turns = new BulkTurns(new NativeThread(native));
  const deltas = new DeltaReader();
  const apply = (delta: SnapshotDelta): void => {
    const whole = deltas.read(delta);
    const snapshot = share === null ? whole : share[direction](whole);
    datapath.apply(snapshot);
    waitSet.replace(tokensOf(snapshot));
    emit({ kind: 'applied', version: snapshot.version, direction });
  };
  for (;;) {
    let count = waitSet.wait(datapath.untilTickMs?.(clock.now()) ?? (datapath.tick === undefined ? Infinity : tickMs));
    // Each message is followed by a wake-up, and one wake-up may stand for several. Asking costs a microsecond or two.
    for (let received = waitSet.wasWoken(count) ? receiveMessageOnPort(port) : undefined; received;) {
      const message = received.message as WorkerMessage;
      if (message.kind === 'stop') return port.close();
      if (message.kind === 'apply') {
        apply(message.delta);
        // What was ready may be closed by now; what is still there will be reported again.
        count = 0;
      } else {
        const { kind, request, ids } = message;
        emit({ kind, request, windows: datapath.replayWindows?.(ids) ?? ids.map(() => null) });
      }
      received = receiveMessageOnPort(port);
    }
    const now = clock.now();
    turns.woke(now);
    waitSet.recall(now);
    datapath.tick?.(now);
    for (let index = 0; index < count; index++) {
      const token = waitSet.ready[index]!;
      // The wake-up itself.
      if (token < 0) continue;
      if (movement.note()) emit({ kind: 'moved' });
      datapath.pump(token, now);
    }
  }
}
