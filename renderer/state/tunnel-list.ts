/**
 * The tunnels as the list shows them, in the order in which they were made.
 * @module
 */
import type { InterfaceStatus, Status } from '#core/api/contract.ts';
import { tellCondition, type Condition, type TunnelCondition } from './tunnel-condition.ts';

/** One tunnel of the list. */
export type Tunnel = TunnelCondition & {
  /** What the person calls it. */
  readonly name: string;
  readonly interface: InterfaceStatus;
  /** What it was when it was last seen, while the helper is away. */
  readonly lastCondition: Condition;
};

/** All tunnels; while the helper is away (`isLive` false) no condition is known. */
export function listTunnels(status: Status | null, isLive: boolean): readonly Tunnel[] {
  if (status === null) return [];
  return status.interfaces.map((link) => {
    const told = tellCondition(link, status);
    return {
      ...told,
      name: link.name,
      interface: link,
      condition: isLive ? told.condition : 'unknown',
      lastCondition: told.condition,
    };
  });
}

/** Whether a tunnel has `query` in its name, interface or one of its addresses. */
export function matchesQuery(tunnel: Tunnel, query: string): boolean {
  const { tunnel: pair, addresses } = tunnel.interface;
  const texts = [
    tunnel.name,
    tunnel.interface.name,
    pair?.local,
    pair?.peer,
    ...addresses.map(({ address }) => address),
  ];
  const wanted = query.trim().toLowerCase();
  return texts.some((text) => text?.toLowerCase().includes(wanted) === true);
}
