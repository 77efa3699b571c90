/**
 * What of a profile collides with the machine's networks, with other profiles or with interfaces that are there.
 * @module
 */

/** error: it cannot come up like this; warning: it can, and something will probably not work. */
export const conflictSeverities = ['error', 'warning'] as const;

/** A conflict. */
export type ProfileConflict = {
  /** The profile's field, as a form names it: `routes.0`. */
  readonly field: string;
  readonly message: string;
  readonly severity: (typeof conflictSeverities)[number];
};
