/**
 * A NAT box of the in-process network, for IPv4: rewrites source address and port of UDP on the way out, undoes it on
 * the way back (RFC 4787, endpoint-independent mapping), and lets nothing else through, as plain ESP is to learn.
 * @module
 */
import { writeU16 } from '#core/base/bytes.ts';
import { addressBytes, type IpAddress } from '#core/ip/address.ts';
import { checkIpHeader, HeaderCheck } from '#core/ip/header-check.ts';
import { ipv4DestinationAt, ipv4HeaderLength, ipv4Protocol, ipv4SourceAt, ipv4TimeToLive } from '#core/ip/ipv4.ts';
import { isIpv4Fragment, writeIpv4Checksum } from '#core/ip/ipv4.ts';
import { IpProtocol } from '#core/ip/protocol.ts';
import { udpChecksum, udpDestinationPort, udpHeaderBytes, udpSourcePort, writeUdpChecksum } from '#core/ip/udp.ts';
import { packetDestination, packetSource } from './ip-packet.ts';
import type { Link, LinkPort } from './link.ts';

type Mapping = { readonly address: IpAddress; readonly port: number; readonly publicPort: number };

/** Where a NAT box stands. */
export type NatSetup = {
  readonly inside: Link;
  readonly insideAddress: IpAddress;
  readonly outside: Link;
  /** The one public address that everything inside shares. */
  readonly outsideAddress: IpAddress;
  /** First port that it gives out. */
  readonly firstPort?: number;
};

/** The ports of real boxes start about here. */
const defaultFirstPort = 40_000;

/** The box. */
export class Nat {
  readonly #setup: NatSetup;
  readonly #inside: LinkPort;
  readonly #outside: LinkPort;
  readonly #byInside = new Map<string, Mapping>();
  readonly #byPublicPort = new Map<number, Mapping>();
  #nextPort: number;
  /** Packets that it let pass and that it refused. */
  readonly tally = { translated: 0, refused: 0 };

  constructor(setup: NatSetup) {
    this.#setup = setup;
    this.#nextPort = setup.firstPort ?? defaultFirstPort;
    this.#inside = setup.inside.attach({
      hasAddress: (address) => address === setup.insideAddress,
      receive: (packet) => this.#outward(packet),
    });
    this.#outside = setup.outside.attach({
      hasAddress: (address) => address === setup.outsideAddress,
      receive: (packet) => this.#inward(packet),
    });
  }

  /** Forget all mappings, as a box does that was switched off: the next packet gets another port. */
  rebind(): void {
    this.#byInside.clear();
    this.#byPublicPort.clear();
  }

  /** Open a port to somebody inside. */
  forward(publicPort: number, address: IpAddress, port: number): void {
    this.#remember({ address, port, publicPort });
  }

  #outward(packet: Uint8Array): void {
    const upper = udpOffset(packet);
    if (upper < 0) return this.#refuse();
    const address = packetSource(packet);
    const port = udpSourcePort(packet, upper);
    const known = this.#byInside.get(`${address}|${port}`);
    const mapping = known ?? this.#remember({ address, port, publicPort: this.#freePort() });
    this.#outside.send(
      rewrite(packet, upper, true, this.#setup.outsideAddress, mapping.publicPort),
      packetDestination(packet),
    );
    this.tally.translated++;
  }

  #inward(packet: Uint8Array): void {
    const upper = udpOffset(packet);
    if (upper < 0) return this.#refuse();
    const mapping = this.#byPublicPort.get(udpDestinationPort(packet, upper));
    if (mapping === undefined || packetDestination(packet) !== this.#setup.outsideAddress) return this.#refuse();
    this.#inside.send(rewrite(packet, upper, false, mapping.address, mapping.port), mapping.address);
    this.tally.translated++;
  }

  #remember(mapping: Mapping): Mapping {
    this.#byInside.set(`${mapping.address}|${mapping.port}`, mapping);
    this.#byPublicPort.set(mapping.publicPort, mapping);
    return mapping;
  }

  #freePort(): number {
    while (this.#byPublicPort.has(this.#nextPort)) this.#nextPort++;
    return this.#nextPort++;
  }

  #refuse(): void {
    this.tally.refused++;
  }
}

/** Where the UDP header is; -1 for everything that the box refuses. */
function udpOffset(packet: Uint8Array): number {
  if (checkIpHeader(packet, 0, packet.length, 4) !== HeaderCheck.valid || isIpv4Fragment(packet, 0)) return -1;
  if (ipv4Protocol(packet, 0) !== IpProtocol.udp || ipv4TimeToLive(packet, 0) <= 1) return -1;
  const upper = ipv4HeaderLength(packet, 0);
  return upper + udpHeaderBytes <= packet.length ? upper : -1;
}

function rewrite(packet: Uint8Array, upper: number, isSource: boolean, address: IpAddress, port: number): Uint8Array {
  const rewritten = packet.slice();
  const hasChecksum = udpChecksum(packet, upper) !== 0;
  rewritten.set(addressBytes(address), isSource ? ipv4SourceAt : ipv4DestinationAt);
  writeU16(rewritten, upper + (isSource ? 0 : 2), port);
  rewritten[8] = ipv4TimeToLive(packet, 0) - 1;
  writeIpv4Checksum(rewritten, 0);
  if (hasChecksum) writeUdpChecksum(rewritten, 0, upper);
  return rewritten;
}
