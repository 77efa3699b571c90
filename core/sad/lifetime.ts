/**
 * Lifetimes of an association (RFC 4301 §4.4.2.1): soft asks for a successor, hard ends it. 0 means unlimited.
 * @module
 */

/** One set of limits. */
export type Lifetime = {
  readonly addSeconds: number;
  readonly useSeconds: number;
  readonly bytes: number;
  readonly packets: number;
};

/** Soft and hard limits; setkey gives `-ls -lh -bs -bh`. */
export type Lifetimes = { readonly soft: Lifetime; readonly hard: Lifetime };

/** No limit at all. */
export const unlimited: Lifetime = { addSeconds: 0, useSeconds: 0, bytes: 0, packets: 0 };
