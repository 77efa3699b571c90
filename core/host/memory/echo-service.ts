/**
 * ICMP and ICMPv6 echo of a host in the in-process network (RFC 792, RFC 4443 §4): answers requests, and pings.
 * @module
 */
import { readU16 } from '#core/base/bytes.ts';
import type { IpAddress } from '#core/ip/address.ts';
import { internetChecksum, ipv6PseudoHeaderSum } from '#core/ip/checksum.ts';
import { ipVersion } from '#core/ip/ipv4.ts';
import { IpProtocol } from '#core/ip/protocol.ts';
import type { Host } from './host.ts';
import { buildEchoPacket, packetDestination, packetSource } from './ip-packet.ts';

/** How to ping. */
export type PingOptions = {
  readonly source?: IpAddress;
  readonly count?: number;
  /** Bytes behind the ICMP header; 56 as ping(8) has it. */
  readonly payloadBytes?: number;
  readonly timeoutMs?: number;
  readonly tos?: number;
  readonly hasDontFragment?: boolean;
};

/** What came of it. */
export type PingResult = { readonly sent: number; readonly received: number; readonly rttMs: readonly number[] };

const icmpHeaderBytes = 8;

/** The service of one host. */
export class EchoService {
  readonly #host: Host;
  #identifier = 0;
  /** Requests that are waiting: `identifier/sequence` → what to do with the answer. */
  readonly #waiting = new Map<string, () => void>();

  constructor(host: Host) {
    this.#host = host;
    host.onProtocol(IpProtocol.icmp, (packet, upper) => this.#take(packet, upper, 8, 0));
    host.onProtocol(IpProtocol.icmpv6, (packet, upper) => this.#take(packet, upper, 128, 129));
  }

  /** Send requests one after the other, each until its answer or its timeout. */
  ping(destination: IpAddress, options: PingOptions): PingResult {
    const { count = 1, timeoutMs = 1000 } = options;
    const { clock } = this.#host;
    const rttMs: number[] = [];
    const identifier = ++this.#identifier & 0xffff;
    for (let sequence = 1; sequence <= count; sequence++) {
      const startMs = clock.now();
      const rttBefore = rttMs.length;
      const key = `${identifier}/${sequence}`;
      this.#waiting.set(key, () => rttMs.push(clock.now() - startMs));
      if (this.#request(destination, options, identifier, sequence)) {
        clock.runUntil(() => rttMs.length > rttBefore, timeoutMs);
      }
      this.#waiting.delete(key);
    }
    return { sent: count, received: rttMs.length, rttMs };
  }

  #request(destination: IpAddress, options: PingOptions, identifier: number, sequence: number): boolean {
    const { payloadBytes = 56, tos = 0, hasDontFragment = false } = options;
    const source = options.source ?? this.#host.sourceFor(destination);
    if (source === null) return false;
    const payload = Uint8Array.from({ length: payloadBytes }, (_, index) => index & 0xff);
    const echo = { isReply: false, identifier, sequence, payload };
    // RFC 6864 §4.1 asks for an identification only where the packet may be cut.
    const fields = { source, destination, tos, hasDontFragment, identification: (identifier * 64 + sequence) & 0xffff };
    this.#host.send(buildEchoPacket(fields, echo));
    return true;
  }

  #take(packet: Uint8Array, upper: number, requestType: number, replyType: number): void {
    if (upper + icmpHeaderBytes > packet.length || !isIcmpChecksumValid(packet, upper)) return;
    const identifier = readU16(packet, upper + 4);
    const sequence = readU16(packet, upper + 6);
    const type = packet[upper];
    if (type === replyType) this.#finish(`${identifier}/${sequence}`);
    if (type !== requestType) return;
    const payload = packet.subarray(upper + icmpHeaderBytes);
    const fields = { source: packetDestination(packet), destination: packetSource(packet), identification: sequence };
    this.#host.send(buildEchoPacket(fields, { isReply: true, identifier, sequence, payload }));
  }

  /** A duplicate of an answer finds nobody waiting. */
  #finish(key: string): void {
    const waiting = this.#waiting.get(key);
    this.#waiting.delete(key);
    waiting?.();
  }
}

function isIcmpChecksumValid(packet: Uint8Array, upper: number): boolean {
  const length = packet.length - upper;
  const initial = ipVersion(packet, 0) === 4 ? 0 : ipv6PseudoHeaderSum(packet, 0, IpProtocol.icmpv6, length);
  return internetChecksum(packet, upper, length, initial) === 0;
}
