/**
 * Nominal types over primitives, for values that are easily swapped (style rule 24).
 * The only way to get one is its parser; arithmetic strips the brand again.
 * @module
 */

declare const brand: unique symbol;

/** `Value` that only its parser can make. `Name` is the type's own name. */
export type Brand<Value, Name extends string> = Value & { readonly [brand]: Name };
