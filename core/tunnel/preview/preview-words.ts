/**
 * The words of previews: what becomes of a row, and how severe a conflict is. Apart from what makes them, for the contract
 * needs no more.
 * @module
 */

/** What becomes of a policy or an association. */
export const fateWords = ['appears', 'changes', 'goes', 'stays'] as const;
/** One of `fateWords`. */
export type Fate = (typeof fateWords)[number];

/** error: it cannot come up like this; warning: it can, and something will probably not work. */
export const conflictSeverities = ['error', 'warning'] as const;
/** One of `conflictSeverities`. */
export type ConflictSeverity = (typeof conflictSeverities)[number];
