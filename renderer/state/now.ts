/**
 * The time by the helper's clock, for what is told in ages: it goes on while nothing changes. All who show it share one
 * timer, which rests while nobody shows any or the window is not seen.
 * @module
 */
import { useCallback, useMemo, useSyncExternalStore } from 'react';
import type { Status } from '#core/api/contract.ts';
import { useSession } from './session-context.ts';

const tickMs = 1000;

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(tick, tickMs);
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

/** The time, in steps of `stepMs`: whoever shows minutes need not be drawn each second. While the helper is away it stands. */
export function useNow(stepMs = tickMs): number {
  const aheadMs = useSession((session) => session.aheadMs);
  const standsMs = useSession(({ link, measuredMs }) => (link.state === 'connected' ? null : measuredMs));
  const read = useCallback(
    () => Math.floor(((standsMs ?? Date.now()) + aheadMs) / stepMs) * stepMs,
    [aheadMs, standsMs, stepMs],
  );
  return useSyncExternalStore(subscribe, read);
}

/** The last status as it would be told now: for what shows many of its ages. */
export function useStatusNow(): Status | null {
  const status = useSession((session) => session.status);
  const nowMs = useNow();
  return useMemo(() => (status === null ? null : { ...status, nowMs }), [status, nowMs]);
}
