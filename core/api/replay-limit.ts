/**
 * How much of replay windows goes into one answer; apart from the contract, so that who only asks need not load schemas.
 * @module
 */

/** Replay windows that are told at once: of the largest size they make four megabytes. */
export const replayWindowsAtOnce = 256;
