/**
 * The one tunnel whose trouble a person can act on most urgently: one banner a window.
 * @module
 */
import { tellRefused } from '../../state/refused-networks.ts';
import type { Condition } from '../../state/tunnel-condition.ts';
import type { Tunnel } from '../../state/tunnel-list.ts';

/** Trouble of a profile that is off: what an earlier helper has left refused is nobody's choice. */
function isLeftRefused({ condition, profile }: Tunnel): boolean {
  return condition === 'off' && tellRefused(profile)?.why === 'left';
}

/** Trouble, worst first. What a person chose (off, blocked) and what merely waits is none. */
const troubles: readonly Condition[] = ['lost', 'error', 'sends-only', 'keys-end-soon'];

/** The first of the tunnels in the worst trouble; null where there is none. */
export function worstTunnel(tunnels: readonly Tunnel[]): Tunnel | null {
  for (const trouble of troubles) {
    const found = tunnels.find(({ condition }) => condition === trouble);
    if (found !== undefined) return found;
  }
  return tunnels.find(isLeftRefused) ?? null;
}
