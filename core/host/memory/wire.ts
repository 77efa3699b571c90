/**
 * Sockets of a host in the in-process network: raw ESP, UDP and ICMP, as a gateway opens them. Sending builds the outer
 * headers with TTL, TOS and DF of the row; outer IPv6 is cut to 1280 bytes here where the row asks for it.
 *
 * What the host learned of paths from ICMP does not count here, as on Linux: the datapath learns by itself.
 *
 * An ESP socket also takes IP in IP that comes in clear text: the datapath drops it and counts it (RFC 4301 §5.2).
 * @module
 */
import { readU16, writeU16 } from '#core/base/bytes.ts';
import { addressBytes, formatAddress, type IpAddress } from '#core/ip/address.ts';
import { IcmpError } from '#core/ip/icmp-error.ts';
import { ipv6MinimumMtu, ipv6TrafficClass } from '#core/ip/ipv6.ts';
import { IpProtocol } from '#core/ip/protocol.ts';
import { AddressEntry, ReceiveRow, receiveSlotBytes, SendFlag, SendRow, type WirePort } from '#core/datapath/ports.ts';
import type { SocketSpec } from '#core/tunnel/port/host-port.ts';
import { fragmentIpv6 } from './fragments.ts';
import type { Host } from './host.ts';
import { buildIpPacket, buildUdpPacket, packetDestination, packetSource } from './ip-packet.ts';

type Message = { readonly bytes: Uint8Array; readonly tos: number; readonly source: IpAddress; readonly port: number };
type Socket = { readonly spec: SocketSpec; readonly queue: Message[]; readonly close: () => void };

/** What the kernel's receive buffer holds, roughly. */
const queueLimit = 1000;
/** Linux's EBADF and EMSGSIZE. */
const badSocket = -9;
const tooLong = -90;

/** The sockets of one host. */
export class MemoryWire implements WirePort {
  readonly #host: Host;
  readonly #sockets = new Map<number, Socket>();
  #identification = 0;
  /** Messages lost because a queue was full. */
  overruns = 0;

  constructor(host: Host) {
    this.#host = host;
  }

  /** Open a socket; `onQueued` hears that there is something to receive. */
  open(token: number, spec: SocketSpec, onQueued: () => void): void {
    const queue: Message[] = [];
    const push = (message: Message): void => {
      if (queue.length >= queueLimit) this.overruns++;
      else {
        queue.push(message);
        onQueued();
      }
    };
    const close = this.#bind(spec, push);
    this.#sockets.set(token, { spec, queue, close });
  }

  /** Close a socket. */
  close(token: number): void {
    this.#sockets.get(token)?.close();
    this.#sockets.delete(token);
  }

  receive(socket: number, arena: Uint8Array, rows: Int32Array, senders: Uint8Array, maxMessages: number): number {
    const queue = this.#sockets.get(socket)?.queue;
    if (queue === undefined) return badSocket;
    let count = 0;
    for (; count < maxMessages; count++) {
      const message = queue.shift();
      if (message === undefined) break;
      putMessage(message, count, arena, rows, senders);
    }
    return count;
  }

  send(rows: Int32Array, count: number, arena: Uint8Array, addresses: Uint8Array): void {
    for (let row = 0; row < count; row++) {
      const at = row * SendRow.stride;
      const socket = this.#sockets.get(rows[at + SendRow.socket]!);
      rows[at + SendRow.result] =
        socket === undefined ? badSocket : this.#sendRun(socket.spec, rows, at, arena, addresses);
    }
  }

  pathMtu(socket: number, addresses: Uint8Array, address: number): number {
    const spec = this.#sockets.get(socket)?.spec;
    if (spec === undefined) return badSocket;
    const at = address * AddressEntry.stride + AddressEntry.address;
    return this.#host.routeMtu(formatAddress(addresses, at, spec.family));
  }

  #sendRun(spec: SocketSpec, rows: Int32Array, at: number, arena: Uint8Array, addresses: Uint8Array): number {
    const entry = rows[at + SendRow.address]! * AddressEntry.stride;
    const destination = formatAddress(addresses, entry + AddressEntry.address, spec.family);
    const destinationPort = readU16(addresses, entry + AddressEntry.port);
    const tos = rows[at + SendRow.tos]!;
    const timeToLive = rows[at + SendRow.ttl]!;
    const hasDontFragment = (rows[at + SendRow.flags]! & SendFlag.dontFragment) !== 0;
    const isCut = spec.family === 6 && (rows[at + SendRow.flags]! & SendFlag.minimumMtu) !== 0;
    const end = rows[at + SendRow.offset]! + rows[at + SendRow.length]!;
    let sent = 0;
    for (let offset = rows[at + SendRow.offset]!; offset < end; offset += rows[at + SendRow.segmentBytes]!) {
      const payload = arena.slice(offset, Math.min(end, offset + rows[at + SendRow.segmentBytes]!));
      this.#identification = (this.#identification + 1) & 0xffff;
      const identification = this.#identification;
      const common = { source: spec.localAddress, destination, tos, timeToLive, hasDontFragment, identification };
      const packet =
        spec.kind === 'udp'
          ? buildUdpPacket({ ...common, sourcePort: spec.localPort, destinationPort, payload, hasNoChecksum: true })
          : buildIpPacket({ ...common, protocol: IpProtocol.esp }, payload);
      if (spec.family === 4 && hasDontFragment && packet.length > this.#host.routeMtu(destination)) {
        return sent === 0 ? tooLong : sent;
      }
      if (!isCut || packet.length <= ipv6MinimumMtu) this.#host.sendByRoute(packet);
      else for (const piece of fragmentIpv6(packet, ipv6MinimumMtu, identification)) this.#host.sendByRoute(piece);
      sent++;
    }
    return sent;
  }

  #bind(spec: SocketSpec, push: (message: Message) => void): () => void {
    switch (spec.kind) {
      case 'udp':
        return this.#bindUdp(spec, push);
      case 'esp':
        return this.#bindEsp(spec, push);
      case 'icmp':
        return this.#bindIcmp(spec, push);
    }
  }

  /** Errors only; over IPv4 with the header, over IPv6 without (RFC 3542 §3). */
  #bindIcmp({ family, localAddress }: SocketSpec, push: (message: Message) => void): () => void {
    const isIpv4 = family === 4;
    const error = new IcmpError();
    return this.#host.onProtocol(isIpv4 ? IpProtocol.icmp : IpProtocol.icmpv6, (packet, upper) => {
      if (packetDestination(packet) !== localAddress) return;
      if (!error.read(packet, upper, packet.length - upper, family)) return;
      const bytes = isIpv4 ? packet : packet.subarray(upper);
      push({ bytes, tos: isIpv4 ? -1 : ipv6TrafficClass(packet, 0), source: packetSource(packet), port: 0 });
    });
  }

  #bindUdp(spec: SocketSpec, push: (message: Message) => void): () => void {
    return this.#host.udp.bind(spec.localAddress, spec.localPort, ({ payload, tos, source, sourcePort }) => {
      push({ bytes: payload, tos, source, port: sourcePort });
    });
  }

  /** A raw IPv4 socket gets the header too, an IPv6 one does not (ip(7), ipv6(7)). */
  #bindEsp(spec: SocketSpec, push: (message: Message) => void): () => void {
    const isOurs = (packet: Uint8Array): boolean => packetDestination(packet) === spec.localAddress;
    const stops = [IpProtocol.ipv4, IpProtocol.ipv6].map((protocol) =>
      this.#host.onProtocol(protocol, (packet) => {
        if (isOurs(packet)) push({ bytes: packet, tos: -1, source: packetSource(packet), port: 0 });
      }),
    );
    const stop = this.#host.onProtocol(IpProtocol.esp, (packet, upper) => {
      if (!isOurs(packet)) return;
      const isIpv4 = spec.family === 4;
      const bytes = isIpv4 ? packet : packet.subarray(upper);
      push({ bytes, tos: isIpv4 ? -1 : ipv6TrafficClass(packet, 0), source: packetSource(packet), port: 0 });
    });
    return () => [...stops, stop].forEach((end) => void end());
  }
}

function putMessage(message: Message, index: number, arena: Uint8Array, rows: Int32Array, senders: Uint8Array): void {
  const at = index * ReceiveRow.stride;
  const offset = index * receiveSlotBytes;
  arena.set(message.bytes.subarray(0, receiveSlotBytes), offset);
  rows[at + ReceiveRow.offset] = offset;
  rows[at + ReceiveRow.length] = Math.min(message.bytes.length, receiveSlotBytes);
  rows[at + ReceiveRow.segmentBytes] = message.bytes.length;
  rows[at + ReceiveRow.tos] = message.tos;
  rows[at + ReceiveRow.truncated] = message.bytes.length > receiveSlotBytes ? 1 : 0;
  rows[at + ReceiveRow.flowLabel] = -1;
  const entry = index * AddressEntry.stride;
  senders.fill(0, entry, entry + AddressEntry.stride);
  const source = addressBytes(message.source);
  senders.set(source, entry + AddressEntry.address);
  writeU16(senders, entry + AddressEntry.port, message.port);
  senders[entry + AddressEntry.family] = source.length === 4 ? 4 : 6;
}
