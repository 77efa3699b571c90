/**
 * What set-up tells people: one line a step, on stderr, so that a command's own output (`--json`) stays clean.
 * @module
 */

/** Print one line about what set-up is doing. */
export function say(text) {
  process.stderr.write(`culvert: ${text}\n`);
}

/** Set-up cannot go on; the message says what to do. */
export class SetupError extends Error {}
