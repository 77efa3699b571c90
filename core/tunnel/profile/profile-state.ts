/**
 * Where a profile is in its life, as told to whoever asks. What its tunnel does while it is on is another matter
 * (core/tunnel/tunnel-state.ts), and both are shown.
 * @module
 */
import type { WireError } from '#core/base/error.ts';
import type { OuterPair } from '#core/ipsecif/outer-pair.ts';

/**
 * off: nothing of it is in the machine; starting: names are looked up and the tunnel is made; on: it is there; retrying:
 * it could not come up for a reason that may pass, and is tried again; failed: for one that does not.
 */
export const profilePhases = ['off', 'starting', 'on', 'retrying', 'failed'] as const;

/** One of `profilePhases`. */
export type ProfilePhase = (typeof profilePhases)[number];

/** What a profile is doing. */
export type ProfileState = {
  readonly phase: ProfilePhase;
  /** Since when, milliseconds since the epoch; 0 for never. */
  readonly sinceMs: number;
  /** Why it is not up, or what went wrong since; null for nothing. */
  readonly problem: WireError | null;
  /** When the next attempt is made; null for none. */
  readonly nextTryMs: number | null;
  /** The outer addresses in use; null unless on. */
  readonly outer: OuterPair | null;
  /** The revision that is in the machine; null unless on. */
  readonly revision: number | null;
};

/** The state of a profile that was never touched. */
export const initialState: ProfileState = {
  phase: 'off',
  sinceMs: 0,
  problem: null,
  nextTryMs: null,
  outer: null,
  revision: null,
};

const firstRetryMs = 5_000;
const longestRetryMs = 300_000;

/** How long to wait before attempt number `attempt` (1 for the first that repeats): twice as long each time, to 5 minutes. */
export function retryDelayMs(attempt: number): number {
  return Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(attempt - 1, 16));
}
