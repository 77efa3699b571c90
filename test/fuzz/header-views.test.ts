/**
 * The views on headers by themselves: whatever the bytes, what they say lies within the packet, and does not depend on
 * what lies around it in the arena.
 * @module
 */
import assert from 'node:assert/strict';
import { IpHeader } from '#core/datapath/ip-header.ts';
import { OuterHeader } from '#core/datapath/outer-header.ts';
import { isSequentialPadding, payloadLength } from '#core/esp/padding.ts';
import { classifyUdpPayload } from '#core/esp/udp-encapsulation.ts';
import { applyEcnEgress } from '#core/ip/ecn.ts';
import { HeaderCheck } from '#core/ip/header-check.ts';
import { mayAnswerIpv4, mayAnswerIpv6 } from '#core/ip/icmp.ts';
import { clearEsp, hostilePackets, innerPackets } from './corpus.ts';
import { fuzz, type FuzzTarget } from './fuzz.ts';
import { mutate } from './mutation.ts';
import type { Xorshift } from './xorshift.ts';

const packetAt = 128;
const room = 2048;
const perBatch = 64;
const answers = 20;

class HeaderViewsTarget implements FuzzTarget {
  readonly #random: Xorshift;
  readonly #corpus: readonly Uint8Array[];
  readonly #arena = new Uint8Array(packetAt + room + packetAt);
  readonly #header = new IpHeader();
  readonly #outer = new OuterHeader();
  readonly #first = new Int32Array(answers);
  readonly #second = new Int32Array(answers);
  #valid = 0;
  #espFound = 0;

  constructor(random: Xorshift, corpus: readonly Uint8Array[]) {
    this.#random = random;
    this.#corpus = corpus;
  }

  batch(): number {
    for (let count = 0; count < perBatch; count++) this.#once();
    return perBatch;
  }

  finish(): void {
    assert.ok(this.#valid > 1000 && this.#espFound > 1000, `${this.#valid} valid headers, ${this.#espFound} ESP`);
  }

  #once(): void {
    const template = this.#random.pick(this.#corpus);
    this.#arena.set(template, packetAt);
    const length = mutate(this.#arena, packetAt, template.length, room, this.#random);
    this.#surround(length, 0x00);
    this.#look(length, this.#first);
    this.#surround(length, 0xff);
    this.#look(length, this.#second);
    for (let index = 0; index < answers; index++) {
      if (this.#first[index] !== this.#second[index])
        assert.fail(`answer ${index} depends on bytes outside the packet`);
    }
    this.#egress(length);
  }

  #surround(length: number, value: number): void {
    this.#arena.fill(value, packetAt - 64, packetAt);
    this.#arena.fill(value, packetAt + length, packetAt + length + 64);
  }

  #look(length: number, out: Int32Array): void {
    const arena = this.#arena;
    const header = this.#header;
    out.fill(0);
    out[0] = header.read(arena, packetAt, length, 0);
    out[1] = classifyUdpPayload(arena, packetAt, length);
    out[2] = length < 2 ? 0 : payloadLength(arena, packetAt + length, length);
    out[3] = out[2] < 0 || length < 2 ? 0 : Number(isSequentialPadding(arena, packetAt + length));
    this.#lookOuter(4, length, out, 4);
    this.#lookOuter(6, length, out, 7);
    if (out[0] !== HeaderCheck.valid) return;
    out[10] = header.totalLength;
    out[11] = Number(header.findUpperLayer(arena, packetAt));
    out[12] = header.upperOffset;
    out[13] = header.protocol;
    out[14] = header.fragmentId | 0;
    const mayAnswer = header.family === 4 ? mayAnswerIpv4 : mayAnswerIpv6;
    out[15] = Number(mayAnswer(arena, packetAt, header.totalLength));
    const isWithin = header.totalLength <= length && (out[11] === 0 || header.upperOffset <= header.totalLength);
    if (!isWithin) assert.fail(`${header.upperOffset} and ${header.totalLength} of ${length} bytes`);
  }

  #lookOuter(family: 4 | 6, length: number, out: Int32Array, at: number): void {
    const outer = this.#outer;
    out[at] = outer.read(this.#arena, packetAt, length, family);
    if (out[at] !== 0) return;
    out[at + 1] = outer.payloadOffset;
    out[at + 2] = outer.payloadLength;
    if (outer.payloadLength < 0 || outer.payloadOffset + outer.payloadLength > length)
      assert.fail('ESP outside of the packet');
    this.#espFound++;
  }

  /** Egress keeps a good header good, with a good checksum. */
  #egress(length: number): void {
    if (this.#first[0] !== HeaderCheck.valid) return;
    this.#valid++;
    applyEcnEgress(this.#arena, packetAt, this.#random.next() & 0xff);
    assert.equal(this.#header.read(this.#arena, packetAt, length, 0), HeaderCheck.valid);
  }
}

fuzz('IP, ESP and UDP header views stay within the packet and see nothing else', (random) => {
  const esp = innerPackets().map((inner) => clearEsp(1, inner));
  return new HeaderViewsTarget(random, [...innerPackets(), ...hostilePackets(), ...hostilePackets(), ...esp]);
});
