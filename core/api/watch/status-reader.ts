/**
 * A listener's side of a watched status: what came last, with every update applied that fits. An update that does not
 * (the one before it was lost on the way) makes the reader ask for the whole again, once at a time.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import { applyUpdate } from './status-change.ts';
import type { StatusUpdate, Watched, WholeStatus } from './watch-contract.ts';

/** What a reader needs. */
export type StatusReaderOptions = {
  /** Ask for the whole. */
  readonly begin: () => Promise<WholeStatus>;
  /** A newer status, with the time until which all was as before; null for a beginning, of which that is not known. */
  readonly onStatus: (whole: WholeStatus, sinceMs: number | null) => void;
};

/** The reader of one listener. */
export class StatusReader {
  readonly #options: StatusReaderOptions;
  #whole: WholeStatus | null = null;
  #beginning: Promise<void> | null = null;

  constructor(options: StatusReaderOptions) {
    this.#options = options;
  }

  /** Ask for the whole; who asks while an answer is on its way gets that. @throws {IpsecError} what refuses it. */
  begin(): Promise<void> {
    this.#beginning ??= this.#begin().finally(() => (this.#beginning = null));
    return this.#beginning;
  }

  /** An update has come; null for one that could not be read. */
  hear(update: StatusUpdate | null): void {
    // What comes before the whole is in it, or makes the next one a misfit.
    if (this.#whole === null || this.#beginning !== null) return;
    if (update !== null && update.number <= this.#whole.number) return;
    const status = update === null || update.from !== this.#whole.number ? null : apply(this.#whole.status, update);
    if (update === null || status === null) return void this.begin().catch(() => {}); // the link says what is wrong
    this.#whole = { ...this.#whole, number: update.number, status };
    this.#options.onStatus(this.#whole, update.sinceMs);
  }

  /** Forget what came: the next update is of no use. */
  forget(): void {
    this.#whole = null;
  }

  async #begin(): Promise<void> {
    const whole = await this.#options.begin();
    this.#whole = whole;
    this.#options.onStatus(whole, null);
  }
}

function apply(status: Watched, update: StatusUpdate): Watched | null {
  try {
    return applyUpdate(status, update);
  } catch (error) {
    if (error instanceof IpsecError) return null;
    throw error;
  }
}
