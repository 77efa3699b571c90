/**
 * What ends a run early: signals, a reader that went away, a parent that died. Each aborts the run once; the clean-up
 * then happens where the run was started, and what comes meanwhile changes nothing.
 * @module
 */
import { constants } from 'node:os';

/** The reason of an aborted run. */
export class Interruption extends Error {
  readonly signal: NodeJS.Signals;
  /** Exit status of a process that the signal ended, as a shell gives it. */
  readonly status: number;

  /** `signal` is what came, or what fits best. */
  constructor(signal: NodeJS.Signals) {
    super(`interrupted by ${signal}`);
    this.name = 'Interruption';
    this.signal = signal;
    this.status = 128 + constants.signals[signal];
  }
}

const endingSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const parentCheckMs = 500;

/** Abort `controller` on the first thing that should end the run. */
export function onInterruption(controller: AbortController): void {
  const interrupt = (signal: NodeJS.Signals): void => {
    if (!controller.signal.aborted) controller.abort(new Interruption(signal));
  };
  for (const signal of endingSignals) process.on(signal, () => interrupt(signal));
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => interrupt('SIGPIPE'));
  watchParent(() => interrupt('SIGHUP'));
}

/** npm and the bootstrap stand between a user and this process; when they are killed outright, nobody passes it on. */
function watchParent(onDeath: () => void): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) onDeath();
  }, parentCheckMs).unref();
}
