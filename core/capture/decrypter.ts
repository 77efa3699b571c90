/**
 * Decrypts the packets of a capture with nothing but associations, through the inbound loop of the datapath: lookup,
 * replay window, integrity, padding and inner header are judged exactly as a gateway judges them, one packet after the
 * other. Only what the operating system does in front of the loop is done here: the outer header and UDP.
 *
 * Not here: reassembly; a fragment is dropped as such. Checksums of UDP are not looked at: where the network card
 * computes them, a capture does not have them yet.
 * @module
 */
import { packetSequence, packetSpi } from '#core/esp/packet.ts';
import { resolveSuite, wipeSpec } from '#core/crypto/resolve-suite.ts';
import { espHeaderBytes } from '#core/crypto/suite-shape.ts';
import type { TransformPort } from '#core/crypto/transform.ts';
import { Counters } from '#core/datapath/counters.ts';
import { dropReasonName, type DropReasonName } from '#core/datapath/drop-reason.ts';
import { Inbound } from '#core/datapath/inbound.ts';
import { classifyUdpPayload, natTPort, UdpPayload } from '#core/esp/udp-encapsulation.ts';
import { formatAddress, type IpAddress } from '#core/ip/address.ts';
import { HeaderCheck } from '#core/ip/header-check.ts';
import { IpProtocol } from '#core/ip/protocol.ts';
import { udpDestinationPort, udpHeaderBytes, udpLength, udpSourcePort } from '#core/ip/udp.ts';
import type { SecurityAssociation } from '#core/sad/security-association.ts';
import { CaptureTun, CaptureWire } from './capture-ports.ts';
import type { CaptureRecord } from './capture-record.ts';
import { compileCapture, type CaptureSockets } from './capture-snapshot.ts';
import { HighWordBase, joinBase, splitSequence, type BasedSequence } from './high-word-base.ts';
import { findIpPacket } from './link-layer.ts';
import { OuterPacket } from './outer-packet.ts';

/** What became of a packet: it was accepted, dropped for a reason, or has nothing to do with ESP. */
export type DecryptVerdict = 'accept' | 'notEsp' | DropReasonName;

/** One packet's account. */
export type DecryptedPacket = {
  /** Position in the capture, from 0. */
  readonly index: number;
  readonly verdict: DecryptVerdict;
  /** Outer addresses; null where there are none. */
  readonly source: IpAddress | null;
  readonly destination: IpAddress | null;
  readonly isUdp: boolean;
  /** Null where the packet has none, or it is out of sight. */
  readonly spi: number | null;
  /** With its high word where the association uses ESN; a bigint only where a number would not be exact. */
  readonly sequence: number | bigint | null;
  /** The inner packet of an accepted one. */
  readonly inner: Uint8Array | null;
};

/** What a decrypter works with. */
export type DecrypterOptions = {
  readonly associations: readonly SecurityAssociation[];
  readonly transforms: TransformPort;
  /** Whether replays are told and dropped. Associations without a window have one of 64 packets then. */
  readonly checksReplay: boolean;
  /** SPI → sequence number that its associations' packets go on from, where the capture begins later. */
  readonly startSequences?: ReadonlyMap<number, bigint>;
};

/** Decrypts a capture. */
export class Decrypter {
  readonly #inbound: Inbound;
  readonly #wire = new CaptureWire();
  readonly #tun = new CaptureTun();
  readonly #sockets: CaptureSockets;
  /** Those of the associations come on top. */
  readonly #udpPorts = new Set([natTPort]);
  readonly #outer = new OuterPacket();
  /** SPI → where its associations begin. */
  readonly #starts: ReadonlyMap<number, BasedSequence>;
  #nextIndex = 0;
  // The packet in hand.
  #verdict: DecryptVerdict = 'notEsp';
  #spi: number | null = null;
  #sequence: number | bigint | null = null;
  /** Whether the number that the loop inferred would need a 33rd bit of its high word. */
  #isBeyond = false;

  /** @throws {IpsecError} `ALGORITHM_UNKNOWN` for what the engine lacks. */
  constructor({ associations, transforms, checksReplay, startSequences }: DecrypterOptions) {
    this.#starts = new Map([...(startSequences ?? [])].map(([spi, start]) => [spi, splitSequence(start)]));
    const based = new HighWordBase(transforms);
    const handles = new Map(
      associations.map((association) => [association, this.#createTransform(association, based)]),
    );
    const { snapshot, sockets } = compileCapture(associations, {
      transformOf: (association) => handles.get(association) ?? -1,
      checksReplay,
      initialSequenceOf: ({ spi }) => this.#starts.get(spi)?.sequence ?? 0,
    });
    this.#sockets = sockets;
    for (const { udp } of snapshot.inbound) {
      if (udp !== null) this.#udpPorts.add(udp.sourcePort).add(udp.destinationPort);
    }
    const ports = { tun: this.#tun, wire: this.#wire, transforms: based, counters: new Counters(), emit: () => {} };
    this.#inbound = new Inbound(ports, {
      found: ({ spi }, sequence) => this.#noteSequence(spi, sequence),
      dropped: (reason) => void (this.#verdict = this.#isBeyond ? 'esnRange' : (dropReasonName(reason) ?? 'notEsp')),
    });
    this.#inbound.apply(snapshot);
  }

  /** Judge the next packet of the capture. */
  decrypt(record: CaptureRecord): DecryptedPacket {
    this.#verdict = 'notEsp';
    this.#spi = null;
    this.#sequence = null;
    this.#isBeyond = false;
    const index = this.#nextIndex++;
    const ip = findIpPacket(record.linkType, record.bytes);
    const nothing = { index, source: null, destination: null, isUdp: false, inner: null };
    if (ip === null) return { ...nothing, verdict: 'notEsp', spi: null, sequence: null };
    const outer = this.#outer;
    outer.read(record.bytes, ip.offset, record.bytes.length - ip.offset, ip.family);
    // Whether it is ESP at all cannot be told; what is wrong with it can.
    if (!outer.isReadable) return { ...nothing, verdict: cutOr(record, 'ipHeader'), spi: null, sequence: null };
    const isUdp = outer.protocol === IpProtocol.udp;
    if (isUdp) this.#takeUdp(record);
    else if (outer.protocol === IpProtocol.esp) this.#takeEsp(record);
    return {
      index,
      verdict: this.#verdict,
      source: formatAddress(record.bytes, outer.sourceAt, outer.family),
      destination: formatAddress(record.bytes, outer.destinationAt, outer.family),
      isUdp,
      spi: this.#spi,
      sequence: this.#sequence,
      inner: this.#tun.take(),
    };
  }

  #takeEsp(record: CaptureRecord): void {
    const { payloadAt, payloadLength, isLaterFragment } = this.#outer;
    if (!isLaterFragment) this.#noteHeader(record.bytes, payloadAt, payloadLength);
    const refused = this.#refuseOuter(record);
    if (refused !== null) this.#verdict = refused;
    else this.#pump(record, payloadAt, payloadLength, 0, false);
  }

  /** A datagram belongs to ESP by one of its ports; a later fragment has none, and belongs to it by its destination. */
  #takeUdp(record: CaptureRecord): void {
    const { bytes } = record;
    const { payloadAt, payloadLength, isLaterFragment } = this.#outer;
    if (isLaterFragment) {
      if (this.#isDestination(bytes)) this.#verdict = 'fragment';
      return;
    }
    if (payloadAt + udpHeaderBytes > bytes.length || payloadLength < udpHeaderBytes) return;
    const sourcePort = udpSourcePort(bytes, payloadAt);
    if (!this.#udpPorts.has(sourcePort) && !this.#udpPorts.has(udpDestinationPort(bytes, payloadAt))) return;
    const at = payloadAt + udpHeaderBytes;
    const length = udpLength(bytes, payloadAt) - udpHeaderBytes;
    if (isEsp(bytes, at, length)) this.#noteHeader(bytes, at, length);
    const isLengthWrong = length < 0 || length + udpHeaderBytes > payloadLength;
    const refused = this.#refuseOuter(record) ?? (isLengthWrong ? 'ipHeader' : null);
    if (refused !== null) this.#verdict = refused;
    else this.#pump(record, at, length, sourcePort, true);
  }

  /** Through the inbound loop. The verdict is what it says, and acceptance where it says nothing. */
  #pump(record: CaptureRecord, offset: number, length: number, senderPort: number, isUdp: boolean): void {
    const { bytes, timeNs } = record;
    const { tos, family, sourceAt, destinationAt } = this.#outer;
    this.#verdict = 'accept';
    this.#wire.put({ bytes, offset, length, tos, senderAt: sourceAt, family, senderPort });
    const token = this.#sockets.tokenFor(bytes, destinationAt, family, isUdp);
    this.#inbound.pump(token, timeNs === null ? 0 : Number(timeNs / 1_000_000n));
  }

  #refuseOuter(record: CaptureRecord): DropReasonName | null {
    const { check, isFragment } = this.#outer;
    if (check === HeaderCheck.short) return cutOr(record, 'ipHeader');
    if (check !== HeaderCheck.valid) return 'ipHeader';
    return isFragment ? 'fragment' : null;
  }

  #isDestination(bytes: Uint8Array): boolean {
    const { destinationAt, family } = this.#outer;
    return this.#sockets.isKnown(bytes, destinationAt, family);
  }

  #noteHeader(bytes: Uint8Array, offset: number, length: number): void {
    const seen = Math.min(length, bytes.length - offset);
    if (seen >= 4) this.#spi = packetSpi(bytes, offset);
    if (seen >= espHeaderBytes) this.#sequence = packetSequence(bytes, offset);
  }

  /** The whole number in place of the one that was sent, where there is a valid one. */
  #noteSequence(spi: number, sequence: number): void {
    if (sequence < 0) return;
    const whole = joinBase({ base: this.#starts.get(spi)?.base ?? 0, sequence });
    this.#isBeyond = whole === null;
    if (whole !== null) this.#sequence = whole;
  }

  #createTransform(association: SecurityAssociation, transforms: HighWordBase): number {
    const spec = resolveSuite(association);
    const handle = transforms.create(spec);
    wipeSpec(spec);
    transforms.setBase(handle, this.#starts.get(association.spi)?.base ?? 0);
    return handle;
  }
}

/** The capture's fault, where it kept less than there was. */
function cutOr({ bytes, wireLength }: CaptureRecord, otherwise: DropReasonName): DropReasonName {
  return wireLength > bytes.length ? 'truncated' : otherwise;
}

function isEsp(bytes: Uint8Array, at: number, length: number): boolean {
  const seen = Math.min(length, bytes.length - at);
  return seen >= 4 && classifyUdpPayload(bytes, at, seen) === UdpPayload.esp;
}
