/**
 * Where the way back from a change that waits to be confirmed outlives this process. The text holds keys.
 * @module
 */

/** One text, or none. What a call has done is on the disk when it returns. */
export type WayBackStore = {
  /** Null for none. @throws {IpsecError} `STATE_UNWRITABLE`. */
  load(): string | null;
  /** @throws {IpsecError} `STATE_UNWRITABLE`; what was there stays. */
  save(text: string): void;
  /** @throws {IpsecError} `STATE_UNWRITABLE`. */
  remove(): void;
  /** Put what cannot be read where it can be looked at; gives its new name. @throws {IpsecError} `STATE_UNWRITABLE`. */
  setAside(): string;
};

/** Forgets with the process. */
export function volatileWayBackStore(): WayBackStore {
  let kept: string | null = null;
  return {
    load: () => kept,
    save: (text) => void (kept = text),
    remove: () => void (kept = null),
    setAside() {
      kept = null;
      return 'nowhere';
    },
  };
}
