/**
 * Rows of a preview: what becomes of a policy or an association when a change is made.
 * @module
 */

/** What becomes of it. */
export const fateWords = ['appears', 'changes', 'goes', 'stays'] as const;
/** One of `fateWords`. */
export type Fate = (typeof fateWords)[number];

/** A policy: `before` and `after` are its requests in setkey's words. */
export type PolicyRow = {
  readonly fate: Fate;
  readonly direction: 'in' | 'out';
  readonly selector: string;
  readonly before: string | null;
  readonly after: string | null;
};

/** An association and whether the interface uses it. */
export type AssociationRow = {
  readonly fate: Fate;
  readonly direction: 'in' | 'out';
  readonly spi: number;
  readonly text: string;
};
