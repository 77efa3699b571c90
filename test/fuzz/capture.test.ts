/**
 * Captures are files of strangers: whatever their bytes, a file is read to its end or refused with a place in it, and what
 * is found in a frame lies within the frame.
 * @module
 */
import assert from 'node:assert/strict';
import { IpsecError } from '#core/base/error.ts';
import { inputOfBytes } from '#core/capture/capture-input.ts';
import { readCapture } from '#core/capture/capture-reader.ts';
import type { CaptureRecord } from '#core/capture/capture-record.ts';
import { findIpPacket } from '#core/capture/link-layer.ts';
import { OuterPacket } from '#core/capture/outer-packet.ts';
import { HeaderCheck } from '#core/ip/header-check.ts';
import { frameMakers, makePcap, Order } from '#test/support/capture/capture-maker.ts';
import { sendCaptured } from '#test/support/capture/capture-sender.ts';
import { fuzz, type FuzzTarget } from './fuzz.ts';
import { mutate } from './mutation.ts';
import type { Xorshift } from './xorshift.ts';

const room = 1024;
const perBatch = 64;
const packet = sendCaptured({ sequence: 1, inner: Uint8Array.of(0x45, 0, 0, 20) });

/** Templates of both formats and byte orders, and of every link type. */
function templates(): readonly Uint8Array[] {
  const ofPcap = frameMakers.map(({ frame, linkType }, index) =>
    makePcap([{ bytes: frame(packet) }, { bytes: packet.subarray(0, 9) }], { linkType, isBig: index % 2 === 1 }),
  );
  const ofPcapng = frameMakers.map((maker, index) => {
    const order = new Order(index % 2 === 0);
    const options = [order.option(9, Buffer.of(9)), order.option(14, order.i64(5n)), order.option(0, Buffer.alloc(0))];
    const described = [order.section(), order.interface(maker.linkType, 0, ...options)];
    const frame = maker.frame(packet);
    const blocks = [
      order.enhanced(0, frame),
      order.block(5, Buffer.alloc(8)),
      order.simple(frame),
      order.obsolete(0, frame),
    ];
    return Buffer.concat([...described, ...blocks.slice(index % 4)]);
  });
  return [...ofPcap, ...ofPcapng];
}

class CaptureTarget implements FuzzTarget {
  readonly #random: Xorshift;
  readonly #templates = templates();
  readonly #file = new Uint8Array(room);
  readonly #outer = new OuterPacket();
  #wholeFiles = 0;
  #records = 0;
  #packets = 0;

  constructor(random: Xorshift) {
    this.#random = random;
  }

  batch(): number {
    // A refusal is thrown; where from is of no interest to millions of them.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      for (let count = 0; count < perBatch; count++) this.#once();
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
    return perBatch;
  }

  finish(): void {
    for (const count of [this.#wholeFiles, this.#records, this.#packets]) assert.ok(count > 1000, String(count));
  }

  #once(): void {
    const template = this.#random.pick(this.#templates);
    this.#file.set(template);
    const length = mutate(this.#file, 0, template.length, room, this.#random);
    const file = this.#file.subarray(0, length);
    try {
      for (const record of readCapture(inputOfBytes(file))) this.#look(record, length);
      this.#wholeFiles++;
    } catch (error) {
      const offset = error instanceof IpsecError ? Number(error.details['offset']) : -1;
      if (!(offset >= 0 && offset <= length)) throw error;
    }
  }

  #look({ bytes, linkType, position }: CaptureRecord, length: number): void {
    this.#records++;
    if (position + bytes.length > length) assert.fail(`${bytes.length} bytes at ${position} of ${length}`);
    const found = findIpPacket(linkType, bytes);
    if (found === null) return;
    const outer = this.#outer;
    outer.read(bytes, found.offset, bytes.length - found.offset, found.family);
    if (outer.check !== HeaderCheck.valid) return;
    this.#packets++;
    if (outer.payloadAt + outer.payloadLength > bytes.length) assert.fail('the upper layer lies outside of the frame');
  }
}

fuzz('a capture is read or refused, and nothing is found outside of it', (random) => new CaptureTarget(random));
