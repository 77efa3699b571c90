/**
 * An interface as NetBSD's ifconfig(8) prints it, byte for byte.
 * @module
 */
import type { InterfaceStatus } from '#core/api/contract.ts';
import { outer } from '#core/ifconfig/printer.ts';
import { isIpv6LinkLocal, parseIpAddress } from '#core/ip/address.ts';
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

function addressLines({ name, addresses }: InterfaceStatus, word: 'inet' | 'inet6'): string[] {
  const shown = (text: string): string => (isIpv6LinkLocal(parseIpAddress(text)) ? `${text}%${name}` : text);
  return addresses
    .filter(({ address }) => address.includes(':') === (word === 'inet6'))
    .map(({ address, prefixLength, peer }) => {
      const far = peer === null ? '' : shown(peer);
      return `\t${word} ${shown(address)}/${prefixLength} -> ${far} flags 0`;
    });
}
