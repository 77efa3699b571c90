/**
 * How long a round trip takes, from what the ping rung of the ladder saw.
 * @module
 */
import type { CheckView } from '#core/api/desktop-contract.ts';

/** `1.15 ms` of the ping's evidence; null where no ping was answered. */
export function roundTripOf(checks: readonly CheckView[]): string | null {
  const ping = checks.find(({ id, state }) => id === 'ping' && state === 'passed');
  return ping === undefined ? null : (/\d+(?:\.\d+)? m?s\b/.exec(ping.evidence)?.[0] ?? null);
}
