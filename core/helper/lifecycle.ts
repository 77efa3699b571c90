/**
 * How culvertd ends: on SIGTERM or SIGINT it undoes what it did, in reverse order; a second signal ends it at once;
 * an error that nobody expected does the same clean-up and exits with 1. Each step is told which of the two it is: the
 * interfaces may have to stay when nobody has asked culvertd to end. What no program can catch (SIGKILL) leaves devices
 * that drop what is routed into them (core/host/linux/kept-device.ts), and nothing else.
 * @module
 */
import type { Log } from '#core/base/port.ts';

/** Longest that the clean-up may take before the process ends regardless. */
const stopTimeoutMs = 10_000;

/** Signals that end culvertd in order. */
const stopSignals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/** Why culvertd ends: because it was told to, or because it cannot go on. */
export type StopReason = 'ordered' | 'failure';

type Undo = (reason: StopReason) => void | Promise<void>;

type Step = { readonly what: string; readonly undo: Undo };

/** Where signals and uncaught errors are heard: node's process. */
export type SignalSource = { on(event: string, listener: (argument: unknown) => void): unknown };

/** The steps to undo, and the way out. */
export class Lifecycle {
  readonly #log: Log;
  readonly #exit: (code: number) => void;
  readonly #steps: Step[] = [];
  #isStopping = false;

  /** `exit` ends the process. */
  constructor(log: Log, exit: (code: number) => void) {
    this.#log = log;
    this.#exit = exit;
  }

  /** Remember how to undo what was just done; `what` names it for the log. */
  onStop(what: string, undo: Undo): void {
    this.#steps.push({ what, undo });
  }

  /** Listen for signals and for errors that nobody caught. */
  attach(process: SignalSource): void {
    for (const signal of stopSignals) {
      process.on(signal, () => {
        if (this.#isStopping) this.#exit(1);
        this.#log.info('stopping', { signal });
        void this.stop(0);
      });
    }
    process.on('uncaughtException', (error) => this.fail('an error that nobody caught', error));
    process.on('unhandledRejection', (error) => this.fail('a rejection that nobody caught', error));
  }

  /** Log an error that culvertd cannot go on after, clean up and exit with 1. */
  fail(message: string, error: unknown): void {
    this.#log.error(message, { error });
    void this.stop(1);
  }

  /** Undo every step, newest first, each whether or not the one before succeeded, and exit. The first call counts. */
  async stop(exitCode: number): Promise<void> {
    if (this.#isStopping) return;
    this.#isStopping = true;
    const timer = setTimeout(() => {
      this.#log.error('the clean-up takes too long; leaving the rest to the system');
      this.#exit(1);
    }, stopTimeoutMs);
    let code = exitCode;
    for (const { what, undo } of this.#steps.reverse()) {
      try {
        await undo(exitCode === 0 ? 'ordered' : 'failure');
      } catch (error) {
        code = 1;
        this.#log.error(`could not remove ${what}`, { error });
      }
    }
    clearTimeout(timer);
    this.#exit(code);
  }
}
