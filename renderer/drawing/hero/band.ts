/**
 * The data band of a longitudinal profile: a station for each place where a packet can be dropped, out above in. A drop
 * pulls a fault line from the pipe down to its number.
 * @module
 */
import type { BandCell, BandStation, HeroScene } from './scene.ts';
import { fit, fittedWord, path, word, type Shape } from './shape.ts';
import { bandHead, bandRow, level, type SheetLayout } from './sheet-layout.ts';

/** The band under the pipe. */
export function drawBand({ band }: HeroScene, layout: SheetLayout): Shape[] {
  const { left, right, top, firstColumn } = layout.band;
  const outTop = top + bandHead;
  const inTop = outTop + bandRow;
  const bottom = inTop + bandRow;
  return [
    path('ln', `M${left} ${top}H${right}`),
    path('hair', `M${left} ${outTop}H${right}M${left} ${inTop}H${right}M${left} ${bottom}H${right}`),
    ...(layout.name === 'narrow' ? [path('hair', `M${firstColumn} ${top}V${bottom}`)] : []),
    ...word('t-3', left, top + 16, band.title),
    ...word('t-ink t-b', left, outTop + 16, band.out),
    ...word('t-ink t-b', left, inTop + 16, band.in),
    ...band.stations.flatMap((station, index) => drawStation(station, index, layout)),
  ];
}

function drawStation(station: BandStation, index: number, layout: SheetLayout): Shape[] {
  const { columns, top, right } = layout.band;
  const x = columns[index];
  if (x === undefined) return [];
  const room = (columns[index + 1] ?? right) - x - 14;
  const bottom = top + bandHead + 2 * bandRow;
  const hasPipeAbove = x > layout.left;
  return [
    path('hair', `M${x} ${top}V${bottom}`),
    ...(isFaulty(station) ? drawFault(Math.max(x, layout.left + 24), x, top) : []),
    ...(hasPipeAbove && !isFaulty(station) ? [path('lead', `M${x} ${level.wallBottom + 1}V${top}`, '1 3')] : []),
    ...word('t-ink t-b', x + 10, top + 16, station.title),
    ...drawCell(station.out, x + 10, top + bandHead + 16, room),
    ...drawCell(station.in, x + 10, top + bandHead + bandRow + 16, room),
  ];
}

/** Down from the pipe; on the narrow sheet the first station stands left of it. */
function drawFault(from: number, x: number, top: number): Shape[] {
  const bend = from === x ? `V${top - 6}` : `V${top - 14}H${x}V${top - 6}`;
  return [path('fau fau--thin', `M${from} ${level.wallBottom}${bend}`), path('fau-f', `M${x} ${top}l-4-8h8z`)];
}

function drawCell(cell: BandCell, x: number, y: number, room: number): Shape[] {
  if (cell.tone === 'unseen') return word('t-3', x, y, fit(cell.value, room, 'note'));
  const isFault = cell.tone === 'fault';
  return [
    ...word(isFault ? 't-num t-fault' : 't-num', x, y, fit(cell.value, room)),
    ...fittedWord(isFault ? 't-fault' : 't-3', x, y + 14, cell.note, room + 4),
  ];
}

function isFaulty(station: BandStation): boolean {
  return station.out.tone === 'fault' || station.in.tone === 'fault';
}
