/**
 * The way back from an unconfirmed change as a file of the state directory, where the next culvertd finds it. It holds keys, as
 * profiles do, and is there only while a change waits.
 * @module
 */
import { closeSync, constants, fsyncSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { WayBackStore } from '#core/tunnel/port/way-back-store.ts';
import { readStateFile, removeDraft, setAside, stateError, writeStateFile } from './state-file.ts';

const fileName = 'unconfirmed-change.json';

/** The `WayBackStore` of culvertd. */
export class FileWayBackStore implements WayBackStore {
  readonly #directory: string;

  /** In a directory that exists. */
  constructor(directory: string) {
    this.#directory = directory;
  }

  load(): string | null {
    // Of a culvertd that was killed while it wrote, before anything had changed; it holds keys.
    removeDraft(this.#directory, fileName);
    return readStateFile(this.#directory, fileName);
  }

  save(text: string): void {
    writeStateFile(this.#directory, fileName, text);
  }

  remove(): void {
    try {
      rmSync(join(this.#directory, fileName), { force: true });
      const descriptor = openSync(this.#directory, constants.O_RDONLY);
      try {
        fsyncSync(descriptor);
      } finally {
        closeSync(descriptor);
      }
    } catch (error) {
      throw stateError(join(this.#directory, fileName), error);
    }
  }

  setAside(): string {
    return setAside(this.#directory, fileName);
  }
}
