/**
 * The limit: `limit-relay.ts TUN LOCAL PEER PORT` moves packets between a TUN device and UDP over the same primitives as
 * Culvert (super-packets from TUN, UDP_SEGMENT, UDP_GRO, two threads), with no cipher, no decision and no checksum.
 * Nothing is segmented in user space, so no tunnel on this path can be faster. Composition root.
 * @module
 */
import { Worker } from 'node:worker_threads';
import { addressBytes16, parseIpAddress } from '#core/ip/address.ts';
import { AddressEntry } from '#core/datapath/ports.ts';
import { loadNative } from '#core/host/linux/native.ts';
import { writeU16 } from '#core/base/bytes.ts';

/** What both workers start with. */
export type RelaySetup = {
  readonly tun: number;
  readonly socket: number;
  /** Address table with one entry. */
  readonly peer: Uint8Array;
};

/** An address table of one IPv4 entry. */
export function peerTable(address: string, port: number): Uint8Array {
  const table = new Uint8Array(AddressEntry.stride);
  table.set(addressBytes16(parseIpAddress(address)), AddressEntry.address);
  writeU16(table, AddressEntry.port, port);
  table[AddressEntry.family] = 4;
  return table;
}

function run([name = '', local = '', peer = '', port = '']: readonly string[]): void {
  const native = loadNative();
  const { fd: tun, vnetHeader } = native.openTun(name, true);
  if (!vnetHeader) throw new Error('the kernel gives no super-packets (IFF_VNET_HDR)');
  const localBytes = addressBytes16(parseIpAddress(local)).subarray(0, 4);
  const { fd: socket } = native.openUdpSocket(4, localBytes, Number(port));
  const workerData: RelaySetup = { tun, socket, peer: peerTable(peer, Number(port)) };
  for (const entry of ['./outbound.ts', './inbound.ts']) {
    const worker = new Worker(new URL(entry, import.meta.url), { workerData });
    worker.on('error', (error) => {
      throw error;
    });
  }
  process.stdout.write('ready\n');
}

if (import.meta.main) run(process.argv.slice(2));
