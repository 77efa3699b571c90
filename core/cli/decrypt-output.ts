/**
 * What `culvert decrypt` prints: a line for each packet and totals, or one JSON object. Both are printed while the capture
 * is read, in pieces: a capture may be larger than memory.
 * @module
 */
import { formatSpi } from '#core/base/spi-text.ts';
import { secondNs, type CaptureRecord } from '#core/capture/capture-record.ts';
import type { DecryptedPacket, DecryptVerdict } from '#core/capture/decrypter.ts';
import { dropReasons } from '#core/datapath/drop-reason.ts';

/** How many packets had each verdict. */
export type VerdictTotals = ReadonlyMap<DecryptVerdict, number>;

/** Prints one run. */
export type DecryptPrinter = {
  add(packet: DecryptedPacket, record: CaptureRecord): void;
  /** After the last packet, or the last before an error. */
  end(totals: VerdictTotals): void;
};

/** Our own size: characters that are printed at a time. */
const pieceLength = 256 * 1024;

/** One line for each packet, then the totals. */
export function tablePrinter(print: (text: string) => void): DecryptPrinter {
  const piece = new Piece(print);
  piece.add(`${row('INDEX', 'TIME (UTC)', 'OUTER PACKET', 'SPI', 'SEQUENCE', 'VERDICT')}\n`);
  return {
    add: (packet, record) => piece.add(`${formatPacket(packet, record)}\n`),
    end(totals) {
      piece.add(`\n${formatTotals(totals)}`);
      piece.flush();
    },
  };
}

/** `{ "packets": [ … ], "totals": { … } }`, one packet a line. */
export function jsonPrinter(print: (text: string) => void): DecryptPrinter {
  const piece = new Piece(print);
  let separator = '\n';
  piece.add('{ "packets": [');
  return {
    add({ index, spi, sequence, verdict, inner }) {
      const hex = inner === null ? null : Buffer.from(inner.buffer, inner.byteOffset, inner.length).toString('hex');
      // JSON's numbers have any length, JavaScript's do not: the sequence number is written as it is.
      const rest = JSON.stringify({ verdict, inner: hex }).slice(1);
      piece.add(`${separator}{"index":${index},"spi":${spi},"seq":${sequence},${rest}`);
      separator = ',\n';
    },
    end(totals) {
      piece.add(`\n], "totals": ${JSON.stringify({ accept: 0, ...Object.fromEntries(totals) })} }\n`);
      piece.flush();
    },
  };
}

/** What a verdict means, for people. */
export function explainVerdict(verdict: DecryptVerdict): string {
  if (verdict === 'accept') return 'decrypted';
  return verdict === 'notEsp' ? 'neither ESP nor ESP in UDP' : dropReasons[verdict].label;
}

/** `2026-01-31 10:00:00.123456`; `-` where the capture has no time. */
export function formatTime(timeNs: bigint | null): string {
  if (timeNs === null) return '-';
  // Division rounds towards zero, but before 1970 the rest must not be negative.
  const rest = ((timeNs % secondNs) + secondNs) % secondNs;
  const seconds = (timeNs - rest) / secondNs;
  const date = new Date(Number(seconds) * 1000);
  // Beyond the years that a date can name.
  if (Number.isNaN(date.getTime())) return `${seconds} s`;
  return `${date.toISOString().slice(0, -5).replace('T', ' ')}.${String(rest / 1000n).padStart(6, '0')}`;
}

function formatPacket(packet: DecryptedPacket, record: CaptureRecord): string {
  const { index, source, destination, isUdp, spi, sequence, verdict, inner } = packet;
  const outer = source === null || destination === null ? '-' : `${source} > ${destination}${isUdp ? ' UDP' : ''}`;
  return row(
    String(index),
    formatTime(record.timeNs),
    outer,
    spi === null ? '-' : formatSpi(spi),
    sequence === null ? '-' : String(sequence),
    inner === null ? verdict : `accept, ${inner.length} bytes of IPv${(inner[0] ?? 0) >> 4}`,
  );
}

function row(index: string, time: string, outer: string, spi: string, sequence: string, verdict: string): string {
  const columns = [index.padStart(6), time.padEnd(26), outer.padEnd(36), spi.padEnd(10), sequence.padStart(10)];
  return `${columns.join('  ')}  ${verdict}`;
}

function formatTotals(totals: VerdictTotals): string {
  const sorted = [...totals].sort(([, one], [, other]) => other - one);
  const packets = sorted.reduce((sum, [, count]) => sum + count, 0);
  const lines = sorted.map(
    ([verdict, count]) => `${String(count).padStart(8)}  ${verdict.padEnd(14)}  ${explainVerdict(verdict)}\n`,
  );
  return `${String(packets).padStart(8)}  ${packets === 1 ? 'packet' : 'packets'}\n${lines.join('')}`;
}

/** Text that waits until there is enough of it. */
class Piece {
  readonly #print: (text: string) => void;
  #text = '';

  constructor(print: (text: string) => void) {
    this.#print = print;
  }

  add(text: string): void {
    this.#text += text;
    if (this.#text.length >= pieceLength) this.flush();
  }

  flush(): void {
    this.#print(this.#text);
    this.#text = '';
  }
}
