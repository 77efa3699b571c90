/**
 * What a user types on one gateway to set its tunnel up: arguments of `culvert`, in order.
 * @module
 */
import { natTPort } from '#core/esp/udp-encapsulation.ts';
import type { SideAddresses } from '#core/host/memory/two-gateways.ts';
import { tunnelMtu } from './addresses.ts';

/** The tunnel's interface on both gateways. */
export const tunnelDevice = 'ipsec0';

/** How the two gateways reach each other. */
export type TunnelPlan = { readonly outer: 4 | 6; readonly isNatT: boolean };

/**
 * The `culvert` commands for the gateway of `own`. Over IPv6 ipsecif(4) cuts what it sends to 1280 bytes, as if nothing
 * were known of the path; here the path is known, and the sysctl says to use all of it.
 */
export function tunnelCommands(own: SideAddresses, other: SideAddresses, { outer, isNatT }: TunnelPlan): string[][] {
  const port = isNatT ? `,${natTPort}` : '';
  const ifconfig = (...words: string[]): string[] => ['ifconfig', tunnelDevice, ...words];
  return [
    ifconfig('create'),
    ...(isNatT ? [ifconfig('link0')] : []),
    ...(outer === 6 ? [['sysctl', '-w', `net.interfaces.${tunnelDevice}.pmtu=1`]] : []),
    ifconfig('tunnel', `${own.wire[outer]}${port}`, `${other.wire[outer]}${port}`),
    ifconfig('inet', `${own.inner[4]}/32`, other.inner[4]),
    ifconfig('inet6', `${own.inner[6]}/128`, other.inner[6]),
    ifconfig('mtu', String(tunnelMtu)),
    ifconfig('up'),
  ];
}
