/**
 * The loop of a datapath worker, with a direction that only tells what the loop asks of it.
 * @module
 */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, suite, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { missingForNative } from '#test/support/native-package.ts';
import { Counters } from '#core/datapath/counters.ts';
import { SendRow } from '#core/datapath/ports.ts';
import { movementMemory } from '#core/datapath/sharing/movement.ts';
import type { DatapathEvent, Snapshot } from '#core/datapath/snapshot.ts';
import { loadNative, type NativePackage } from '#core/host/linux/native.ts';
import { DeltaWriter, type SnapshotDelta } from '#core/host/linux/snapshot-delta.ts';
import { anchorClock } from '#core/host/linux/steady-clock.ts';
import type { WorkerMessage, WorkerSetup } from '#core/host/linux/worker-loop.ts';

/** A direction that logs what it is asked, and reads one message of each socket that is ready. */
const entry = `
import(${JSON.stringify(new URL('../../../../core/host/linux/worker-loop.ts', import.meta.url).href)}).then(({ runWorker }) =>
  runWorker({
    direction: 'inbound',
    tokensOf: (snapshot) => snapshot.sockets.map(({ token }) => token),
    create: ({ wire, counters, emit }) => ({
      apply(snapshot) {
        emit({ kind: 'applied', version: snapshot.version, direction: 'inbound' });
        emit({ kind: 'log', message: 'apply ' + snapshot.version });
      },
      pump(token) {
        const count = wire.receive(token, new Uint8Array(65536), new Int32Array(6), new Uint8Array(20), 1);
        counters.cells[0] += count;
        emit({ kind: 'log', message: 'pump ' + token + ' ' + count });
      },
      tick() {
        counters.cells[1] += 1;
      },
    }),
  }),
);`;

suite('the loop of a worker', { skip: missingForNative() ?? false }, () => {
  const counters = new Counters();
  let native: NativePackage;
  let waiter: number;
  let worker: Worker;
  let deltas: DeltaWriter;
  let events: DatapathEvent[];
  let exited: Promise<number>;

  beforeEach(() => {
    native = loadNative();
    waiter = native.createWaiter();
    const alone = { banks: { interfaces: 0, associations: 0 }, place: { index: 0, count: 1 }, shared: null };
    const workerData: WorkerSetup = {
      ...{ counters: counters.buffer, movement: movementMemory(), waiter, clock: anchorClock() },
      ...alone,
    };
    events = [];
    deltas = new DeltaWriter();
    worker = new Worker(entry, { eval: true, workerData });
    worker.on('message', (event: DatapathEvent) => events.push(event));
    exited = new Promise((resolve) => worker.once('exit', resolve));
  });
  afterEach(async () => {
    send({ kind: 'stop' });
    await exited;
    native.closeWaiter(waiter);
  });

  const send = (message: WorkerMessage): void => {
    worker.postMessage(message);
    native.wake(waiter);
  };
  const snapshot = (version: number, tokens: readonly number[]): Snapshot => ({
    version,
    interfaces: [],
    outbound: [],
    inbound: [],
    sockets: tokens.map((token) => {
      return { token, kind: 'udp', family: 4, localAddress: new Uint8Array(16), localPort: 0 };
    }),
  });
  const delta = (version: number, tokens: readonly number[]): SnapshotDelta => deltas.write(snapshot(version, tokens));
  const until = async (isSo: () => boolean): Promise<void> => {
    for (let turn = 0; turn < 500 && !isSo(); turn++) await new Promise((resolve) => setTimeout(resolve, 10));
    assert.ok(isSo(), JSON.stringify(events));
  };
  const lines = (): readonly string[] => events.map((event) => (event.kind === 'log' ? event.message : event.kind));

  test('every snapshot is applied in order and acknowledged once, after the datapath decides by it', async () => {
    for (let version = 1; version <= 3; version++) worker.postMessage({ kind: 'apply', delta: delta(version, []) });
    native.wake(waiter);
    await until(() => events.length >= 6);
    assert.deepEqual(lines(), ['apply 1', 'applied', 'apply 2', 'applied', 'apply 3', 'applied']);
  });

  test('a descriptor is pumped when it has something, and no more when no snapshot names it', async () => {
    const { fd, port } = native.openUdpSocket(4, new Uint8Array([127, 0, 0, 1]), 0);
    const { fd: sender } = native.openUdpSocket(4, new Uint8Array([127, 0, 0, 1]), 0);
    send({ kind: 'apply', delta: delta(1, [fd]) });
    await until(() => events.length === 2);
    sendDatagram(sender, port);
    await until(() => events.length === 3);
    assert.deepEqual(lines(), ['apply 1', 'applied', `pump ${fd} 1`]);
    assert.equal(counters.cells[0], 1);
    send({ kind: 'apply', delta: delta(2, []) });
    await until(() => events.length === 5);
    sendDatagram(sender, port);
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(events.length, 5);
    native.closeDescriptor(fd);
    native.closeDescriptor(sender);
  });

  test('a stop message ends the thread with status 0, also while it waits', async () => {
    send({ kind: 'apply', delta: delta(1, []) });
    await until(() => events.length === 2);
    send({ kind: 'stop' });
    assert.equal(await exited, 0);
  });

  test('time passes for the datapath at least once a second, although nothing comes in', async () => {
    const before = counters.cells[1]!;
    for (let turn = 0; turn < 200 && counters.cells[1]! < before + 2; turn++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assert.ok(counters.cells[1]! >= before + 2);
  });

  function sendDatagram(socket: number, port: number): void {
    const rows = Int32Array.from([socket, 0, 4, 4, 0, 0, 0, 64, 0]);
    const addresses = new Uint8Array(20);
    addresses.set([127, 0, 0, 1]);
    addresses.set([port >> 8, port & 255, 4], 16);
    native.send(rows, 1, new Uint8Array(4), addresses);
    assert.equal(rows[SendRow.result], 1);
  }
});
