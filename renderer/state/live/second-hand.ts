/**
 * One timer for all who tell the time: it runs while anybody does, and tells nobody while the window is not seen.
 * @module
 */

/** Pace of the timer. */
export const secondMs = 1000;

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** Have `listener` called every second; gives what ends that. */
export function eachSecond(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(tick, secondMs);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function tick(): void {
  if (!document.hidden) for (const listener of listeners) listener();
}
