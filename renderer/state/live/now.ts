/**
 * The time by the helper's clock, for what is told in ages: it goes on while nothing changes. All who tell any share one
 * timer, which rests while nobody does or the window is not seen; who tells the same as before is not drawn again.
 * @module
 */
import { useMemo, useSyncExternalStore } from 'react';
import type { Status } from '#core/api/contract.ts';
import { useSession } from '../session-context.ts';

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

/** What `tell` says at this time, by the helper's clock; while the helper is away the time stands. */
export function useAtTime<Told extends string | number>(tell: (nowMs: number) => Told): Told {
  const aheadMs = useSession((session) => session.aheadMs);
  const standsMs = useSession(({ link, measuredMs }) => (link.state === 'connected' ? null : measuredMs));
  return useSyncExternalStore(subscribe, () => tell((standsMs ?? Date.now()) + aheadMs));
}

/** The time, in seconds: for what shows many ages, and is drawn again with each. */
export function useNow(): number {
  return useAtTime((nowMs) => Math.floor(nowMs / tickMs) * tickMs);
}

/** The last status as it would be told now. */
export function useStatusNow(): Status | null {
  const status = useSession((session) => session.status);
  const nowMs = useNow();
  return useMemo(() => (status === null ? null : { ...status, nowMs }), [status, nowMs]);
}
