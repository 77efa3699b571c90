/**
 * Entry of the thread that sends what several outbound workers have sealed, in the order of its numbers
 * (core/datapath/sharing/line-sender.ts). It ends when the line is given up.
 * @module
 */
import { workerData } from 'node:worker_threads';
import { invariant } from '#core/base/invariant.ts';
import { LineSender } from '#core/datapath/sharing/line-sender.ts';
import { SendLine } from '#core/datapath/sharing/send-line.ts';
import { loadNative, NativeWire } from './native.ts';
import type { WorkerSetup } from './worker-loop.ts';

/** Longest that it sleeps. */
const waitMs = 1000;

const { shared } = workerData as WorkerSetup;
invariant(shared !== null, 'there is a line');
const line = new SendLine(shared.line);
const sender = new LineSender(line, new NativeWire(loadNative(), () => undefined));
while (sender.step(waitMs));
