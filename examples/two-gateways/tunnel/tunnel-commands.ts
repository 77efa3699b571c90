/**
 * What a user types on one gateway to set its tunnel up: arguments of `culvert`, in order.
 * @module
 */
import type { SideAddresses } from '#core/host/memory/two-gateways.ts';
import { natTPort, tunnelMtu } from './addresses.ts';

/** The tunnel's interface on both gateways. */
export const tunnelDevice = 'ipsec0';

/** How the two gateways reach each other. */
export type TunnelPlan = { readonly outer: 4 | 6; readonly isNatT: boolean };

/** The `culvert ifconfig` commands for the gateway of `own`. */
export function tunnelCommands(own: SideAddresses, other: SideAddresses, { outer, isNatT }: TunnelPlan): string[][] {
  const port = isNatT ? `,${natTPort}` : '';
  const parameters = [
    ['create'],
    ...(isNatT ? [['link0']] : []),
    ['tunnel', `${own.wire[outer]}${port}`, `${other.wire[outer]}${port}`],
    ['inet', `${own.inner[4]}/32`, other.inner[4]],
    ['inet6', `${own.inner[6]}/128`, other.inner[6]],
    ['mtu', String(tunnelMtu)],
    ['up'],
  ];
  return parameters.map((words) => ['ifconfig', tunnelDevice, ...words]);
}
