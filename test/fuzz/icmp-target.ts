/**
 * ICMP errors under mutation, outside of every tunnel and inside one: never a throw, one reason for each message, and no path
 * is ever narrowed below what its IP version promises, or by a message that fits no packet of ours.
 * @module
 */
import assert from 'node:assert/strict';
import { AssociationCell, Counters } from '#core/datapath/counters.ts';
import { inboundDrop } from '#core/datapath/drop-number.ts';
import { mtuOfCell } from '#core/datapath/path-mtu.ts';
import { IcmpInbox } from '#core/datapath/receiving/icmp-inbox.ts';
import { QuotedPacket } from '#core/datapath/receiving/quoted-packet.ts';
import { unheededIcmp } from '#core/datapath/snapshot.ts';
import { buildIpPacket, buildUdpPacket } from '#core/host/memory/ip-packet.ts';
import { parseIpAddress } from '#core/ip/address.ts';
import { checkIpHeader, HeaderCheck } from '#core/ip/header-check.ts';
import { makeIcmp, makeIcmpPacket } from '#test/support/packet/icmp-maker.ts';
import { ip, makeAssociation, makeInterface, makeSnapshot, outer4, outer6 } from '#test/support/test-datapath.ts';
import type { FuzzTarget } from './fuzz.ts';
import { mutate } from './mutation.ts';
import { PassingTransform } from './passing-transform.ts';
import type { Xorshift } from './xorshift.ts';

const roomBytes = 4096;
const messagesOfBatch = 64;
const lastSequence = 1000;
const verdicts: ReadonlySet<number> = new Set([
  inboundDrop.icmpTaken,
  inboundDrop.icmpRefused,
  inboundDrop.icmpForeign,
  inboundDrop.icmpForged,
]);
const addresses = {
  4: { own: '192.0.2.2', peer: '192.0.2.1', router: '203.0.113.9' },
  6: { own: '2001:db8:0:2::1', peer: '2001:db8:0:1::1', router: '2001:db8:99::9' },
} as const;
const inside = [
  { family: 4, source: ip('192.0.2.0'), sourceLength: 24, destination: ip('192.0.2.2'), destinationLength: 32 },
  { family: 6, source: ip('2001:db8::'), sourceLength: 32, destination: ip('2001:db8::'), destinationLength: 32 },
] as const;

/** Give this to `fuzz`. */
export class IcmpTarget implements FuzzTarget {
  readonly #random: Xorshift;
  readonly #family: 4 | 6;
  readonly #counters = new Counters();
  readonly #inbox: IcmpInbox;
  readonly #quoted = new QuotedPacket();
  readonly #arena = new Uint8Array(roomBytes);
  readonly #senders = new Uint8Array(20);
  readonly #templates: readonly Uint8Array[];
  readonly #reached = new Map<number, number>();
  #now = 0;

  constructor(random: Xorshift, family: 4 | 6) {
    this.#random = random;
    this.#family = family;
    const ports = { tun: nothing, wire: nothing, transforms: new PassingTransform(random), counters: this.#counters };
    this.#inbox = new IcmpInbox({ ...ports, emit: () => {} });
    const { local, peer } = family === 4 ? outer4 : outer6;
    const base = { family, source: local, destination: peer } as const;
    const udp = { sourcePort: 4500, destinationPort: 4500 };
    const outbound = [
      makeAssociation({ ...base, id: 1, slot: 1, spi: 0x1001 }),
      makeAssociation({ ...base, id: 2, slot: 2, spi: 0x1002, udp, hasEsn: true }),
    ];
    for (const { slot } of outbound)
      this.#counters.cells[this.#counters.associationBase(slot) + AssociationCell.sequence] = lastSequence;
    const policy = { action: 'protect', outboundSpid: 2, outboundAssociation: 1, inboundReqid: 0 } as const;
    const all = {
      acceptsTooBig: true,
      acceptsUnreachable: true,
      acceptsTimeExceeded: true,
      acceptsParameterProblem: false,
    };
    const icmp = { ...unheededIcmp, ...all };
    this.#inbox.apply(makeSnapshot({ interfaces: [makeInterface({ ipv4: policy })], outbound, icmp }));
    this.#templates = makeTemplates(family);
  }

  batch(): number {
    this.#now += 1000;
    for (let message = 0; message < messagesOfBatch; message++) this.#take();
    return messagesOfBatch;
  }

  finish(): void {
    assert.deepEqual([...this.#reached.keys()].sort(), [...verdicts].sort());
  }

  #take(): void {
    const template = this.#random.pick(this.#templates);
    this.#arena.set(template);
    let { length } = template;
    const draw = this.#random.next();
    if ((draw & 7) !== 0) length = mutate(this.#arena, 0, length, roomBytes, this.#random);
    // A checksum that fits lets more of them in.
    if (this.#family === 4 && (draw & 0x18) !== 0 && length >= 28) fixChecksum(this.#arena, length);
    const verdict = this.#inbox.take(this.#arena, 0, length, this.#family, this.#senders, 0, this.#now);
    if (!verdicts.has(verdict)) assert.fail(`verdict ${verdict}`);
    this.#reached.set(verdict, (this.#reached.get(verdict) ?? 0) + 1);
    this.#assertPaths();
    if (checkIpHeader(this.#arena, 0, length, this.#family) === HeaderCheck.valid) {
      this.#quoted.check(inside, this.#arena, 0, length, this.#family);
    }
  }

  #assertPaths(): void {
    for (const slot of [1, 2]) {
      const mtu = mtuOfCell(this.#counters.cells[this.#counters.associationBase(slot) + AssociationCell.pathMtu]!);
      if (mtu !== 0 && mtu < (this.#family === 4 ? 68 : 1280)) assert.fail(`a path of ${mtu} bytes`);
    }
  }
}

/** Devices and sockets that nobody is to use. */
const nothing = {
  read: (): number => 0,
  write: (): void => assert.fail('nothing is written'),
  receive: (): number => 0,
  send: (): void => assert.fail('nothing is sent'),
  pathMtu: (): number => 0,
};

/** Errors of each type about packets of both associations; over IPv6 also with the header that only a tunnel shows. */
function makeTemplates(family: 4 | 6): readonly Uint8Array[] {
  const { own, peer, router } = addresses[family];
  const pair = { source: parseIpAddress(own), destination: parseIpAddress(peer) };
  const esp = (spi: number): Uint8Array =>
    Uint8Array.of(0, 0, spi >>> 8, spi & 0xff, 0, 0, 3, 0xe7, ...new Uint8Array(1500));
  const quotes = [
    buildIpPacket({ ...pair, protocol: 50 }, esp(0x1001)).slice(0, 80),
    buildUdpPacket({ ...pair, sourcePort: 4500, destinationPort: 4500, payload: esp(0x1002) }).slice(0, 80),
  ];
  const types =
    family === 4
      ? [
          [3, 4, 1400],
          [3, 1, 0],
          [11, 0, 0],
          [12, 0, 0],
        ]
      : [
          [2, 0, 1400],
          [1, 0, 0],
          [3, 0, 0],
          [4, 0, 0],
        ];
  return quotes.flatMap((quote) =>
    types.flatMap(([type = 0, code = 0, word = 0]) => {
      const whole = makeIcmpPacket({ type, code, word, quote }, router, own);
      return family === 4 ? [whole] : [makeIcmp({ type, code, word, quote }, 6), whole];
    }),
  );
}

/** Of the ICMP message behind an IPv4 header of 20 bytes. */
function fixChecksum(bytes: Uint8Array, length: number): void {
  bytes[22] = 0;
  bytes[23] = 0;
  let sum = 0;
  for (let at = 20; at < length; at += 2) sum += (bytes[at]! << 8) + (at + 1 < length ? bytes[at + 1]! : 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  bytes[22] = (~sum >>> 8) & 0xff;
  bytes[23] = ~sum & 0xff;
}
