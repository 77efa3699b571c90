/**
 * Replay windows (RFC 4303 §3.4.3) as a person reads them: which numbers came, oldest first, the newest of them one by
 * one.
 * @module
 */
import type { AssociationStatus } from '#core/api/contract.ts';
import type { ReplayWindowAnswer } from '#core/api/desktop-contract.ts';
import { fromHex } from '#core/base/bytes.ts';
import { formatSpi } from '#core/base/spi-text.ts';
import { formatTable } from '../text-table.ts';

const inRow = 64;
const rowsShown = 4;

const head = ['SPI', 'FROM', 'WINDOW', 'NUMBERS', 'CAME', 'NOT YET', 'REFUSED'];

/** Text of `culvert status --verbose` about replay windows; empty where no association has one. */
export function formatReplayWindows(
  windows: readonly ReplayWindowAnswer[],
  associations: readonly AssociationStatus[],
): string {
  const known = windows.flatMap((window) => {
    const association = associations.find(({ id }) => id === window.id);
    return association === undefined ? [] : [{ window, association }];
  });
  if (known.length === 0) return '';
  const rows = known.map(({ window, association }) => windowRow(window, association));
  const pictures = known.map(({ window, association }) => windowPicture(window, formatSpi(association.spi)));
  return `\n${formatTable([head, ...rows])}${pictures.join('')}`;
}

function windowRow(window: ReplayWindowAnswer, { spi, source, usage }: AssociationStatus): string[] {
  const { size, lastSequence } = window;
  const seen = seenOf(window);
  const came = [...seen].filter((letter) => letter === '#').length;
  const numbers = lastSequence === 0 ? '-' : `${lastSequence - seen.length + 1}-${lastSequence}`;
  const counts = [came, seen.length - came, usage.replayDrops].map(String);
  return [formatSpi(spi), source, String(size), numbers, ...counts];
}

/** The newest numbers, a letter each: `#` came, `.` not yet. */
function windowPicture(window: ReplayWindowAnswer, spi: string): string {
  const seen = seenOf(window);
  if (seen === '') return '';
  const newest = seen.slice(-inRow * rowsShown);
  const first = window.lastSequence - newest.length + 1;
  const lines = Array.from({ length: Math.ceil(newest.length / inRow) }, (_value, row) => {
    const letters = newest.slice(row * inRow, (row + 1) * inRow);
    return `  ${String(first + row * inRow).padStart(String(window.lastSequence).length)}  ${letters}\n`;
  });
  return `\n${spi}, # came, . not yet:\n${lines.join('')}`;
}

/** A letter for each number that the window covers; none for numbers below 1. */
function seenOf({ size, lastSequence, bits }: ReplayWindowAnswer): string {
  const letters = [...(fromHex(bits) ?? [])].map((byte) =>
    byte.toString(2).padStart(8, '0').replaceAll('1', '#').replaceAll('0', '.'),
  );
  return letters.join('').slice(size - Math.min(size, lastSequence));
}
