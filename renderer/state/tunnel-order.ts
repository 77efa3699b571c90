/**
 * The order of the tunnels' rows. It follows what stays (names, addresses, when keys end), never what tunnels do: rows do
 * not move by themselves.
 * @module
 */
import type { Tunnel } from './tunnel-list.ts';

/** What rows can be ordered by. */
export type TunnelOrder = { readonly by: 'name' | 'path' | 'ends'; readonly isDescending: boolean };

/** The order that a press on the head of `by` asks for: the same again turns it round, then it is as it was at first. */
export function nextOrder(order: TunnelOrder | null, by: TunnelOrder['by']): TunnelOrder | null {
  if (order?.by !== by) return { by, isDescending: false };
  return order.isDescending ? null : { by, isDescending: true };
}

/** `tunnels` in `order`; null leaves them as they are. What is not known stands last in both directions. */
export function orderTunnels(tunnels: readonly Tunnel[], order: TunnelOrder | null): readonly Tunnel[] {
  if (order === null) return tunnels;
  const known = tunnels.filter((tunnel) => keyOf(tunnel, order.by) !== null);
  const unknown = tunnels.filter((tunnel) => keyOf(tunnel, order.by) === null);
  const sign = order.isDescending ? -1 : 1;
  return [...known.toSorted((a, b) => sign * compare(keyOf(a, order.by), keyOf(b, order.by))), ...unknown];
}

function keyOf(tunnel: Tunnel, by: TunnelOrder['by']): string | number | null {
  if (by === 'name') return tunnel.name;
  if (by === 'ends') return tunnel.keysEndMs;
  return tunnel.interface?.tunnel?.peer ?? tunnel.profile?.profile.peer.host ?? null;
}

function compare(a: string | number | null, b: string | number | null): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a).localeCompare(String(b), 'en', { numeric: true });
}
