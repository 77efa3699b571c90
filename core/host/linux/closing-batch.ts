/**
 * Devices that are destroyed in one turn of the event loop are closed side by side: the kernel needs some milliseconds for
 * each, most of which it waits, and a thousand one after the other would take longer than anybody waits for culvertd to end.
 * @module
 */
import type { NativePackage } from './native.ts';

type Waiting = { readonly token: number; readonly resolve: (result: number) => void };

/** What is to be closed in this turn. */
export class ClosingBatch {
  readonly #native: Pick<NativePackage, 'closeDescriptors'>;
  #waiting: Waiting[] = [];

  constructor(native: Pick<NativePackage, 'closeDescriptors'>) {
    this.#native = native;
  }

  /** Close a descriptor with all others of this turn; gives 0 or a negative errno. */
  close(token: number): Promise<number> {
    const { promise, resolve } = Promise.withResolvers<number>();
    this.#waiting.push({ token, resolve });
    if (this.#waiting.length === 1) queueMicrotask(() => this.#closeAll());
    return promise;
  }

  #closeAll(): void {
    const batch = this.#waiting;
    this.#waiting = [];
    const results = this.#native.closeDescriptors(batch.map(({ token }) => token));
    for (const [index, { resolve }] of batch.entries()) resolve(results[index] ?? 0);
  }
}
