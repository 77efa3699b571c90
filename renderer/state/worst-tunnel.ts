/**
 * The one tunnel whose trouble a person can act on most urgently: one banner a window.
 * @module
 */
import type { Condition } from './tunnel-condition.ts';
import type { Tunnel } from './tunnel-list.ts';

/** Trouble, worst first. What a person chose (off, blocked) and what merely waits is none. */
const troubles: readonly Condition[] = ['error', 'sends-only', 'keys-end-soon'];

/** The first of the tunnels in the worst trouble; null where there is none. */
export function worstTunnel(tunnels: readonly Tunnel[]): Tunnel | null {
  for (const trouble of troubles) {
    const found = tunnels.find(({ condition }) => condition === trouble);
    if (found !== undefined) return found;
  }
  return null;
}
