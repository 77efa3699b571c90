/**
 * UDP of a host in the in-process network (RFC 768): who listens on which port, and the checks before they get anything.
 * @module
 */
import type { IpAddress } from '#core/ip/address.ts';
import { ipVersion, ipv4Tos } from '#core/ip/ipv4.ts';
import { ipv6TrafficClass } from '#core/ip/ipv6.ts';
import { IpProtocol } from '#core/ip/protocol.ts';
import { isUdpChecksumValid, udpDestinationPort, udpHeaderBytes, udpLength, udpSourcePort } from '#core/ip/udp.ts';
import type { Host } from './host.ts';
import { buildUdpPacket, packetDestination, packetSource, type Datagram } from './ip-packet.ts';

/** A datagram received. `payload` is a view of memory that nobody else uses. */
export type ReceivedDatagram = {
  readonly source: IpAddress;
  readonly sourcePort: number;
  readonly destination: IpAddress;
  readonly tos: number;
  readonly payload: Uint8Array;
};

/** Takes datagrams. */
export type DatagramHandler = (datagram: ReceivedDatagram) => void;

/** The service of one host. */
export class UdpService {
  readonly #host: Host;
  /** `address|port`, or `*|port` → handler. */
  readonly #bound = new Map<string, DatagramHandler>();

  constructor(host: Host) {
    this.#host = host;
    host.onProtocol(IpProtocol.udp, (packet, upper) => this.#take(packet, upper));
  }

  /** Whether somebody listens there. */
  isBound(address: IpAddress | null, port: number): boolean {
    return this.#bound.has(`${address ?? '*'}|${port}`);
  }

  /** Listen on one address, or with null on all. Returns how to stop. @throws {Error} when the port is taken. */
  bind(address: IpAddress | null, port: number, handler: DatagramHandler): () => void {
    const key = `${address ?? '*'}|${port}`;
    if (this.#bound.has(key)) throw new Error(`${this.#host.name} listens on port ${port} already`);
    this.#bound.set(key, handler);
    return () => this.#bound.delete(key);
  }

  /** Send a datagram. */
  send(datagram: Datagram): void {
    this.#host.send(buildUdpPacket(datagram));
  }

  #take(packet: Uint8Array, upper: number): void {
    const available = packet.length - upper;
    const length = available < udpHeaderBytes ? 0 : udpLength(packet, upper);
    if (length < udpHeaderBytes || length > available || !isUdpChecksumValid(packet, 0, upper)) {
      this.#host.drops.udp++;
      return;
    }
    const destination = packetDestination(packet);
    const port = udpDestinationPort(packet, upper);
    const handler = this.#bound.get(`${destination}|${port}`) ?? this.#bound.get(`*|${port}`);
    if (handler === undefined) {
      this.#host.drops.udp++;
      return;
    }
    const tos = ipVersion(packet, 0) === 4 ? ipv4Tos(packet, 0) : ipv6TrafficClass(packet, 0);
    const payload = packet.subarray(upper + udpHeaderBytes, upper + length);
    handler({ source: packetSource(packet), sourcePort: udpSourcePort(packet, upper), destination, tos, payload });
  }
}
