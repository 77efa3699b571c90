/**
 * What a tunnel's row says: the helper's state told in the window's words, with the facts behind the sentence. The helper
 * alone judges whether a tunnel works; added here is only what the list shows beside it (keys that end soon, a tunnel
 * that is held back while its device is there, and not knowing).
 * @module
 */
import type { AssociationStatus, InterfaceStatus, Status } from '#core/api/contract.ts';

/** The words, worst last; each has a picture, a badge and a sentence. */
export const conditions = [
  'off',
  'idle',
  'up',
  'blocked',
  'unconfigured',
  'keys-end-soon',
  'waiting',
  'sends-only',
  'error',
  'lost',
  'unknown',
] as const;

/** One of `conditions`. */
export type Condition = (typeof conditions)[number];

/** Keys that end within this time and have no successor are worth a word. */
const soonMs = 15 * 60_000;

/** A tunnel's condition with what its sentence needs. Times are milliseconds since the epoch, null for never. */
export type TunnelCondition = {
  readonly condition: Condition;
  readonly lastHeardMs: number | null;
  readonly lastSentMs: number | null;
  /** When the last key of some direction ends, null where none does. */
  readonly keysEndMs: number | null;
  /** Packets that went nowhere for want of keys, or because the interface is down. */
  readonly heldPackets: number;
};

/** Tell the condition of `link` (an interface of `status`). */
export function tellCondition(link: InterfaceStatus, status: Status): TunnelCondition {
  const own = status.associations.filter(({ interfaces }) => interfaces.includes(link.name));
  const keysEndMs = keysEnd(link, own);
  return {
    condition: conditionOf(link, keysEndMs, status.nowMs),
    lastHeardMs: link.counters.lastInputMs || null,
    lastSentMs: link.counters.lastOutputMs || null,
    keysEndMs,
    heldPackets: heldPackets(link),
  };
}

function conditionOf(link: InterfaceStatus, keysEndMs: number | null, nowMs: number): Condition {
  switch (link.state) {
    case 'lost':
      return 'lost';
    case 'off':
      return link.tunnel === null ? 'off' : 'blocked';
    case 'unconfigured':
      return 'unconfigured';
    case 'waiting-for-keys':
      return 'waiting';
    case 'hears-nothing':
      return 'sends-only';
    case 'errors':
      return 'error';
    case 'idle':
    case 'up':
      return keysEndMs !== null && keysEndMs - nowMs < soonMs ? 'keys-end-soon' : link.state;
  }
}

/** When the longest-lived key of each direction has ended in one of them. */
function keysEnd(link: InterfaceStatus, own: readonly AssociationStatus[]): number | null {
  const usable = own.filter(({ state }) => state === 'mature' || state === 'dying');
  const isOutbound = ({ source }: AssociationStatus): boolean => source === link.tunnel?.local;
  const ends = [usable.filter(isOutbound), usable.filter((association) => !isOutbound(association))]
    .filter((direction) => direction.length > 0)
    .map((direction) => Math.max(...direction.map(associationEndsMs)));
  const first = Math.min(...ends);
  return Number.isFinite(first) ? first : null;
}

/** The last moment until `nowMs` at which the time alone may have changed a condition; else when the status was told. */
export function lastTurn(
  { nowMs: toldMs, associations }: Pick<Status, 'nowMs' | 'associations'>,
  nowMs: number,
): number {
  return associations.reduce((last, association) => {
    const turnMs = associationEndsMs(association) - soonMs + 1;
    return turnMs > last && turnMs <= nowMs ? turnMs : last;
  }, toldMs);
}

/** When an association ends by its age or its use; `Infinity` for never. */
export function associationEndsMs({ createdMs, hard, usage }: AssociationStatus): number {
  const byAge = hard.addSeconds > 0 ? createdMs + hard.addSeconds * 1000 : Infinity;
  const byUse = hard.useSeconds > 0 && usage.firstUsedMs > 0 ? usage.firstUsedMs + hard.useSeconds * 1000 : Infinity;
  return Math.min(byAge, byUse);
}

function heldPackets(link: InterfaceStatus): number {
  const reasons = ['outNoSa', 'outInterfaceDown'];
  return link.drops.reduce((sum, { reason, packets }) => sum + (reasons.includes(reason) ? packets : 0), 0);
}
