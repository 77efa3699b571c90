/**
 * The time by the helper's clock, for what is told in ages: it goes on while nothing changes. Who tells the same as
 * before is not drawn again.
 * @module
 */
import { useMemo, useSyncExternalStore } from 'react';
import type { Status } from '#core/api/contract.ts';
import type { HelperLink } from '#core/api/relay.ts';
import type { Session } from '../session.ts';
import { useSession } from '../session-context.ts';
import { eachSecond, secondMs } from './second-hand.ts';

/** The time by the helper's clock at `atMs` of the page's; while the helper is away the time stands. */
export function helperTime({ link, measuredMs, aheadMs }: TimeSource, atMs: number): number {
  return (link.state === 'connected' ? atMs : measuredMs) + aheadMs;
}

/** What of a session says the time. */
export type TimeSource = Pick<Session, 'measuredMs' | 'aheadMs'> & { readonly link: Pick<HelperLink, 'state'> };

/**
 * What `tell` says at this time, by the helper's clock; while the helper is away the time stands. Where it says the same
 * at any time (`ages` is false) nothing wakes the window for it.
 */
export function useAtTime<Told extends string | number>(tell: (nowMs: number) => Told, ages = true): Told {
  // Nothing but the time of another moment, or whether it goes on, draws who tells it.
  const aheadMs = useSession((session) => session.aheadMs);
  const link = useSession((session) => session.link);
  const measuredMs = useSession((session) => (session.link.state === 'connected' ? 0 : session.measuredMs));
  return useSyncExternalStore(ages ? eachSecond : never, () =>
    tell(helperTime({ link, measuredMs, aheadMs }, Date.now())),
  );
}

function never(): () => void {
  return () => {};
}

/** The time, in seconds: for what shows many ages, and is drawn again with each. */
export function useNow(): number {
  return useAtTime((nowMs) => Math.floor(nowMs / secondMs) * secondMs);
}

/** The last status as it would be told now. */
export function useStatusNow(): Status | null {
  const status = useSession((session) => session.status);
  const nowMs = useNow();
  return useMemo(() => (status === null ? null : { ...status, nowMs }), [status, nowMs]);
}
