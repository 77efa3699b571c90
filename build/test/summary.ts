/**
 * What matters in the output of `node --test` (its `spec` reporter): counts, why tests were skipped, and failures.
 * @module
 */

/** The short form of a step's output. */
export type TestSummary = {
  /** Counts and reasons of skipped tests on one line; empty when the output is of another program. */
  readonly note: string;
  /** The part of the output that shows failures; all of it when it is of another program. */
  readonly failures: string;
};

/** Read the output of a step. */
export function summarizeTests(output: string): TestSummary {
  const total = readCount(output, 'tests');
  if (total === null) return { note: '', failures: output };
  const skipped = readCount(output, 'skipped') ?? 0;
  const reasons = new Set([...output.matchAll(/^\s*﹣ .* # (.+)$/gm)].map((match) => match[1] ?? ''));
  const why = reasons.size > 0 ? ` (${[...reasons].join('; ')})` : '';
  const failuresAt = output.indexOf('✖ failing tests:');
  return {
    note: `${total} ${total === 1 ? 'test' : 'tests'}${skipped > 0 ? `, ${skipped} skipped${why}` : ''}`,
    failures: failuresAt < 0 ? output : output.slice(failuresAt),
  };
}

function readCount(output: string, what: string): number | null {
  const match = new RegExp(`^ℹ ${what} (\\d+)$`, 'm').exec(output);
  return match === null ? null : Number(match[1]);
}
