/**
 * An interface as NetBSD's ifconfig(8) prints it, byte for byte.
 * @module
 */
import type { InterfaceStatus } from '#core/api/contract.ts';
import { outer } from '#core/ifconfig/printer.ts';
import { flagNames, flagsValue } from '#core/ipsecif/flags.ts';

/** Text of `ifconfig ipsecN`. */
export function formatInterface(status: InterfaceStatus): string {
  const names = flagNames(status, status.isRunning).join(',');
  const value = flagsValue(status, status.isRunning).toString(16);
  return [
    `${status.name}: flags=0x${value}<${names}> mtu ${status.mtu}`,
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

function addressLines({ addresses }: InterfaceStatus, word: 'inet' | 'inet6'): string[] {
  return addresses
    .filter(({ address }) => address.includes(':') === (word === 'inet6'))
    .map(({ address, prefixLength, peer }) => `\t${word} ${address}/${prefixLength} -> ${peer ?? ''} flags 0`);
}
