/**
 * An interface as NetBSD's ifconfig(8) prints it, byte for byte.
 * @module
 */
import type { InterfaceStatus } from '#core/api/contract.ts';

/** Bits of if_flags, in the order of printing (net/if.h, if_ipsec.c). */
const flagBits = [
  { bit: 0x1, name: 'UP', isSet: (status: InterfaceStatus) => status.isUp },
  { bit: 0x10, name: 'POINTOPOINT', isSet: () => true },
  { bit: 0x40, name: 'RUNNING', isSet: (status: InterfaceStatus) => status.isRunning },
  { bit: 0x1000, name: 'LINK0', isSet: (status: InterfaceStatus) => status.link0 },
  { bit: 0x2000, name: 'LINK1', isSet: (status: InterfaceStatus) => status.link1 },
  { bit: 0x4000, name: 'LINK2', isSet: (status: InterfaceStatus) => status.link2 },
  { bit: 0x8000, name: 'MULTICAST', isSet: () => true },
] as const;

/** Text of `ifconfig ipsecN`. */
export function formatInterface(status: InterfaceStatus): string {
  const flags = flagBits.filter((flag) => flag.isSet(status));
  const value = flags.reduce((sum, flag) => sum + flag.bit, 0);
  return [
    `${status.name}: flags=0x${value.toString(16)}<${flags.map((flag) => flag.name).join(',')}> mtu ${status.mtu}`,
    ...tunnelLine(status),
    `\tstatus: ${status.isRunning ? 'active' : 'no carrier'}`,
    ...addressLines(status, 'inet6'),
    ...addressLines(status, 'inet'),
    '',
  ].join('\n');
}

function tunnelLine({ tunnel }: InterfaceStatus): string[] {
  if (tunnel === null) return [];
  const { family, local, peer, localPort, peerPort } = tunnel;
  return [`\ttunnel ${family === 4 ? 'inet' : 'inet6'} ${outer(local, localPort)} --> ${outer(peer, peerPort)}`];
}

function outer(address: string, port: number): string {
  return port === 0 ? address : `${address},${port}`;
}

function addressLines({ addresses }: InterfaceStatus, word: 'inet' | 'inet6'): string[] {
  return addresses
    .filter(({ address }) => address.includes(':') === (word === 'inet6'))
    .map(({ address, prefixLength, peer }) => `\t${word} ${address}/${prefixLength} -> ${peer ?? ''} flags 0`);
}
