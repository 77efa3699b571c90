/**
 * A screen whose code comes after the first one's: the list of tunnels does not wait for it. Once it has come it is drawn
 * at once, with nothing shown before it.
 * @module
 */
import { createElement, useEffect, useState, type ComponentType, type ReactElement } from 'react';

/** A screen that may not be there yet. */
export type LateScreen<Props extends object> = {
  /** Draws it as soon as it is there. */
  readonly Screen: (props: Props) => ReactElement | null;
  /** Fetch it, if nobody has. Rejects where it cannot be had. */
  readonly fetch: () => Promise<unknown>;
};

/** The screen that `load` gives. */
export function lateScreen<Props extends object = object>(
  load: () => Promise<ComponentType<Props>>,
): LateScreen<Props> {
  let loaded: ComponentType<Props> | null = null;
  let loading: Promise<ComponentType<Props>> | null = null;
  const fetch = (): Promise<ComponentType<Props>> => {
    loading ??= load().then(
      (screen) => (loaded = screen),
      (error: unknown) => {
        loading = null;
        throw error;
      },
    );
    return loading;
  };
  return {
    fetch,
    Screen(props) {
      const [Shown, show] = useState<ComponentType<Props> | null>(() => loaded);
      const [error, fail] = useState<Error | null>(null);
      useEffect(() => {
        if (Shown === null)
          fetch().then(
            (screen) => show(() => screen),
            (reason: unknown) => fail(asError(reason)),
          );
      }, [Shown]);
      if (error !== null) throw error;
      return Shown === null ? null : createElement(Shown, props);
    },
  };
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
