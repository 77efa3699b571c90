/**
 * Every ESP packet that crosses a link, in the order in which it does: SPI, sequence number and IV.
 * @module
 */
import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NetworkNamespace } from '#test/support/network-namespace.ts';

/** What was seen of one SPI. */
export type SeenPackets = {
  /** Sequence numbers in the order of the wire. */
  readonly sequences: readonly number[];
  /** Different explicit IVs, and different high words of them: each worker has its own. */
  readonly ivs: number;
  readonly ivHighs: number;
};

const pcapHeader = 24;
const recordHeader = 16;
/** Ethernet, IPv4 without options, and UDP; ESP's header and an IV of eight bytes behind it. */
const etherBytes = 14;
const protocolAt = etherBytes + 9;
const ipEnd = etherBytes + 20;
const udpBytes = 8;
const neededBytes = ipEnd + udpBytes + 16;

/** A running capture. What waits in the kernel has room for some hundred thousand packets. */
export class EspCapture {
  readonly #directory = mkdtempSync(join(tmpdir(), 'culvert-capture-'));
  readonly #child: ChildProcess;
  #said = '';

  private constructor(namespace: NetworkNamespace, device: string, source: string) {
    const file = join(this.#directory, 'pcap');
    const room = ['-B', '65536', '-s', String(neededBytes), '--immediate-mode', '-Z', 'root'];
    const filter = `src ${source} and (esp or udp port 4500)`;
    this.#child = namespace.start('tcpdump', '-nn', '-U', '-i', device, '-Q', 'in', ...room, '-w', file, filter);
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.#said += text));
  }

  /** Begin to capture what a device receives from `source`. */
  static async start(namespace: NetworkNamespace, device: string, source: string): Promise<EspCapture> {
    const capture = new EspCapture(namespace, device, source);
    await new Promise((resolve) => capture.#child.stderr?.once('data', resolve));
    return capture;
  }

  /** End, and give what was seen of each SPI. Nothing may have been missed. */
  async stop(): Promise<ReadonlyMap<number, SeenPackets>> {
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGINT');
    await ended;
    try {
      assert.match(this.#said, /\b0 packets dropped by kernel/, this.#said);
      return readHeaders(readFileSync(join(this.#directory, 'pcap')));
    } finally {
      rmSync(this.#directory, { recursive: true });
    }
  }
}

function readHeaders(file: Buffer): ReadonlyMap<number, SeenPackets> {
  const seen = new Map<number, { sequences: number[]; ivs: Set<bigint> }>();
  for (let at = pcapHeader; at + recordHeader <= file.length;) {
    const length = file.readUInt32LE(at + 8);
    const packet = at + recordHeader;
    at = packet + length;
    if (length < neededBytes) continue;
    const esp = packet + ipEnd + (file[packet + protocolAt] === 17 ? udpBytes : 0);
    const spi = file.readUInt32BE(esp);
    const of = seen.get(spi) ?? { sequences: [], ivs: new Set() };
    seen.set(spi, of);
    of.sequences.push(file.readUInt32BE(esp + 4));
    of.ivs.add(file.readBigUInt64BE(esp + 8));
  }
  return new Map(
    Array.from(seen, ([spi, { sequences, ivs }]) => [spi, { sequences, ivs: ivs.size, ivHighs: highsOf(ivs) }]),
  );
}

function highsOf(ivs: ReadonlySet<bigint>): number {
  return new Set(Array.from(ivs, (iv) => iv >> 32n)).size;
}

/** How far a number came behind a higher one at most: 0 when all came in order, 1 when neighbours changed places. */
export function furthestBehind(sequences: readonly number[]): number {
  let top = 0;
  let behind = 0;
  for (const sequence of sequences) {
    behind = Math.max(behind, top - sequence);
    top = Math.max(top, sequence);
  }
  return behind;
}
