/**
 * `culvert diagnose NAME`: the ladder of checks of a profile or interface, from its configuration to the largest packet
 * that passes. The first that failed is explained: what was seen, what it means, what to do.
 * @module
 */
import type { CheckView } from '#core/api/desktop-contract.ts';
import { exitStatusOf } from '#core/cli/complaint.ts';
import { withHelper, type HelperSurroundings } from '#core/cli/helper-session.ts';
import { hangText } from '#core/cli/help/help-layout.ts';

/** Shown by `culvert diagnose --help`. */
export const diagnoseHelp = `
Each check is "ok", "FAILED", "unknown" or, where it does not apply or something before it failed, "-".
Pings go through the tunnel to --target, or to the far end's inner address where it is set.
Exit status: 0 when no check failed, 1 otherwise.

Examples:
  culvert diagnose office
  culvert diagnose ipsec0 --target 10.2.0.1
`;

/** What is asked. */
export type DiagnoseRequest = {
  readonly name: string;
  /** An inner address to ping; null for the far end's. */
  readonly target: string | null;
  /** Print the contract's result as one JSON object. */
  readonly isJson: boolean;
};

/** Run `diagnose`. Returns the exit status. */
export function runDiagnose({ name, target, isJson }: DiagnoseRequest, around: HelperSurroundings): Promise<number> {
  const { terminal } = around;
  return exitStatusOf('diagnose', terminal, async () => {
    const result = await withHelper(around, (client) => client.call('tunnel.verify', { name, target }));
    terminal.print(isJson ? `${JSON.stringify(result, null, 2)}\n` : formatChecks(result.checks, terminal.columns));
    return result.checks.some(({ state }) => state === 'failed') ? 1 : 0;
  });
}

const stateWords: Readonly<Record<CheckView['state'], string>> = {
  passed: 'ok',
  failed: 'FAILED',
  skipped: '-',
  unknown: 'unknown',
};

/** A line for each check, and below those that failed what follows from it; in `width` where there is one. */
export function formatChecks(checks: readonly CheckView[], width = Infinity): string {
  const lines = checks.map(({ state, title, evidence, meaning, remedy }) => {
    const explained = state === 'failed' || state === 'unknown' ? [meaning, remedy] : [];
    const line = `${stateWords[state].padEnd(indent.length)}${title}: ${evidence}`;
    const more = explained.filter((text) => text !== '').map((text) => `${indent}${text}`);
    return [line, ...more].map((text) => `${hangText(text, width, indent.length)}\n`).join('');
  });
  return lines.join('');
}

const indent = '         ';
