/**
 * Exceptions from the rules, each with its reason. A row that is no longer needed makes a test fail.
 * @module
 */

/** Files that are longer than they should be. Over 600 lines only tables and generated files. */
export const longFiles: Readonly<Record<string, string>> = {};

/** Files of core with code but without a test file of their own. */
export const untestedFiles: Readonly<Record<string, string>> = {};

/** `path#name` of exports that nothing imports. */
export const unusedExports: Readonly<Record<string, string>> = {};

/** Test files that mirror no source file. */
export const suites: Readonly<Record<string, string>> = {};
