/**
 * How long a text may be that goes to the helper; apart from the contract, so that who only reads a file need not load
 * schemas.
 * @module
 */

/** The longest text of a request: characters where one is parsed, bytes where it is read from a file. */
export const longestText = 4 * 1024 * 1024;
