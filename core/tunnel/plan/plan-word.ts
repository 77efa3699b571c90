/**
 * The words of plans, for the contract and the screens.
 * @module
 */

/** What becomes of a thing; what stays has no row. */
export const planFates = ['added', 'changed', 'removed'] as const;
/** One of `planFates`. */
export type PlanFate = (typeof planFates)[number];

/** Which way a plan goes. */
export const planDirections = ['to-files', 'from-files'] as const;
/** One of `planDirections`. */
export type PlanDirection = (typeof planDirections)[number];

/** Why packets would be dropped. */
export const dropCauses = [
  'down',
  'unconfigured',
  'ipv6-off',
  'nothing-to-send-on',
  'nothing-to-receive-on',
  'other-end',
  'removed',
] as const;
/** One of `dropCauses`. */
export type DropCause = (typeof dropCauses)[number];

/** Why a change is taken back: nobody confirmed it, somebody asked, or culvertd was killed before it was confirmed. */
export const revertReasons = ['unconfirmed', 'asked', 'killed'] as const;
/** One of `revertReasons`. */
export type RevertReason = (typeof revertReasons)[number];
