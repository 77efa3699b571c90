/**
 * A thread of the tests of this folder: does one of the jobs below over memory that it is given, and ends.
 * @module
 */
import { parentPort, Worker, workerData } from 'node:worker_threads';
import { SendRow } from '#core/datapath/ports.ts';
import { LinePlace } from '#core/datapath/sharing/line-place.ts';
import { SendLine } from '#core/datapath/sharing/send-line.ts';
import { SharedLock } from '#core/datapath/sharing/shared-lock.ts';
import { FakeWire } from '#test/support/fake-ports.ts';

/** A job. */
export type ThreadJob =
  /** Add one to cell 1 so often, each time under the lock in cell 0. */
  | { readonly kind: 'count'; readonly memory: SharedArrayBuffer; readonly times: number }
  /** Send batches of which each carries the next number of cell 0 of `numbers`, taken with a place in the line. */
  | {
      readonly kind: 'send';
      readonly memory: SharedArrayBuffer;
      readonly numbers: SharedArrayBuffer;
      readonly worker: number;
      readonly batches: number;
    };

/** Run a job in a thread of its own; gives what it answers. */
export function runThread(job: ThreadJob): Promise<unknown> {
  const worker = new Worker(new URL(import.meta.url), { workerData: { job } });
  return new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
}

function count({ memory, times }: ThreadJob & { kind: 'count' }): number {
  const cells = new Int32Array(memory);
  const lock = new SharedLock(cells, 0, () => false);
  for (let time = 0; time < times; time++) {
    if (!lock.acquire()) throw new Error('the lock is abandoned');
    cells[1]! += 1;
    lock.release();
  }
  return times;
}

/** Every fifth batch comes to nothing. Gives the results that were not the length of the batch. */
function send({ memory, numbers, worker, batches }: ThreadJob & { kind: 'send' }): number[] {
  const next = new Int32Array(numbers);
  const place = new LinePlace(new SendLine(memory), worker, new FakeWire());
  const rows = new Int32Array(SendRow.stride);
  const wrong: number[] = [];
  for (let batch = 0; batch < batches; batch++) {
    if (!place.begin()) return [...wrong, -1];
    const number = next[0]!;
    if (batch % 5 < 4) next[0] = number + 1;
    place.end();
    if (batch % 5 < 4) {
      new DataView(place.arena.buffer, place.arena.byteOffset).setUint32(0, number);
      rows.fill(0);
      rows[SendRow.length] = 4;
      rows[SendRow.segmentBytes] = 4;
      rows[SendRow.address] = worker;
      place.send(rows, 1, place.arena, new Uint8Array(20 * (worker + 1)).fill(worker));
      if (rows[SendRow.result] !== 1) wrong.push(rows[SendRow.result]!);
    }
    place.leave();
  }
  return wrong;
}

const { job } = (workerData ?? {}) as { job?: ThreadJob };
if (job !== undefined) parentPort?.postMessage(job.kind === 'count' ? count(job) : send(job));
