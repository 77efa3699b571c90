/**
 * The benchmark's result as a table for a terminal.
 * @module
 */
import { figureNames, figures, type FigureName } from './figure.ts';
import { formatSpread, summarizeForeignLoad, type BenchResult } from './result.ts';
import { ratiosOf, spreadOf } from './samples.ts';

/** A row for each figure, a column for each contender; ratios and the machine's load below. */
export function formatTable(result: BenchResult): string {
  const header = ['', 'unit', ...result.contenders.map(({ label }) => label)];
  const rows = figureNames().map((figure) => [figures[figure].label, figures[figure].unit, ...cells(result, figure)]);
  const widths = header.map((_, column) => Math.max(...[header, ...rows].map((row) => row[column]?.length ?? 0)));
  const lines = [header, ...rows].map((row) => {
    return row
      .map((cell, column) => pad(cell, widths[column] ?? 0, column))
      .join('  ')
      .trimEnd();
  });
  return [...lines, '', ...footer(result)].join('\n');
}

/** One figure of each contender, as people read it. */
export function cells(result: BenchResult, figure: FigureName): string[] {
  return result.contenders.map(({ name }) => formatSpread(spreadOf(result.samples, name, figure), figure));
}

function footer(result: BenchResult): string[] {
  const { average, most } = summarizeForeignLoad(result.foreignLoads);
  return [
    `median (least..most) of ${result.rounds} rounds of ${result.seconds} s`,
    ...Object.entries(ratiosOf(result.samples)).map(([name, ratio]) => `ratio ${name.padEnd(22)} ${ratio.toFixed(3)}`),
    `other work on the machine: ${average.toFixed(2)} cores on average, ${most.toFixed(2)} at most, of ${result.machine.cores}`,
    ...result.missing.map(({ name, why }) => `not measured: ${name}, because ${why}`),
    ...result.failures.map((failure) => `failed: ${failure}`),
  ];
}

function pad(cell: string, width: number, column: number): string {
  const isText = column < 2;
  return isText ? cell.padEnd(width) : cell.padStart(width);
}
