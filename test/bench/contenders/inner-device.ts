/**
 * The inner addresses of a tunnel's device, for contenders that do not set them themselves.
 * @module
 */
import type { Namespace } from '#examples/two-gateways/netns/namespace.ts';
import { sideA, sideB, tunnelMtu } from '#examples/two-gateways/tunnel/addresses.ts';

/** Which end. */
export type Side = 'a' | 'b';

/** Own and far addresses of an end. */
export function sidesOf(side: Side): { own: typeof sideA; other: typeof sideA } {
  return side === 'a' ? { own: sideA, other: sideB } : { own: sideB, other: sideA };
}

/** Give the device its inner addresses and the MTU that every tunnel here has, and bring it up. */
export async function configureInner(namespace: Namespace, device: string, side: Side): Promise<void> {
  const { own, other } = sidesOf(side);
  await namespace.configure([
    `link set ${device} mtu ${tunnelMtu}`,
    `address add ${own.inner[4]} peer ${other.inner[4]} dev ${device}`,
    `link set ${device} up`,
  ]);
}
