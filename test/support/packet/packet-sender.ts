/**
 * Sends IP packets as they are, header and all, from a network namespace: what an attacker there can send.
 * Debian's own Python opens the raw sockets; Node.js has none.
 * @module
 */
import { existsSync } from 'node:fs';
import { toHex } from '#core/base/bytes.ts';
import type { NetworkNamespace } from '../network-namespace.ts';

const python = '/usr/bin/python3';

/** The kernel fills in an IPv4 checksum, and an identification of 0; over IPv6 nothing. */
const script = `
import socket, sys
for line in sys.argv[1:]:
    packet = bytes.fromhex(line)
    if packet[0] >> 4 == 4:
        sender = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
        sender.sendto(packet, (socket.inet_ntop(socket.AF_INET, packet[16:20]), 0))
    else:
        sender = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_RAW)
        sender.sendto(packet, (socket.inet_ntop(socket.AF_INET6, packet[24:40]), 0))
    sender.close()
`;

/** What is missing to send them; null when all is there. */
export function missingForSending(): string | null {
  return existsSync(python) ? null : `${python} (npm test installs it)`;
}

/** Send packets in this order. Throws when the kernel refuses one. */
export function sendPackets(namespace: NetworkNamespace, packets: readonly Uint8Array[]): void {
  const { status, stderr } = namespace.run(python, '-c', script, ...packets.map(toHex));
  if (status !== 0) throw new Error(`packets were not sent: ${stderr}`);
}
