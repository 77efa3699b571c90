/**
 * What a newer status changes of what the window knows. Parts that did not change keep their identity, and what is
 * drawn of them is not drawn again.
 * @module
 */
import type { Watched, WholeStatus } from '#core/api/watch/watch-contract.ts';
import { addReading } from '../rates.ts';
import type { Session } from '../session.ts';

/** Clocks that drift apart by less are together. */
const driftMs = 250;

/** The session with `whole`, which came at `atMs` of the page's clock; until `sinceMs` the one before held, where that is known. */
export function withStatus(last: Session, whole: WholeStatus, sinceMs: number | null, atMs: number): Partial<Session> {
  const { canOperate, status } = whole;
  const { profiles, setAside } = status;
  const aheadMs = status.nowMs - atMs;
  return {
    canOperate,
    profiles,
    setAside,
    measuredMs: atMs,
    aheadMs: Math.abs(aheadMs - last.aheadMs) < driftMs ? last.aheadMs : aheadMs,
    status: last.status !== null && isUnchanged(last.status as Watched, status) ? last.status : status,
    rates: addReading(last.rates, last.status, status, sinceMs),
  };
}

function isUnchanged(before: Watched, now: Watched): boolean {
  return (Object.keys(now) as (keyof Watched)[]).every((name) => name === 'nowMs' || before[name] === now[name]);
}
