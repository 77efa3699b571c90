/**
 * The longest time that a lifetime can have: what a form refuses, and what the associations are checked against.
 * @module
 */

/** A hundred years: as milliseconds they are still exact. */
export const longestSeconds = 100 * 366 * 86_400;
