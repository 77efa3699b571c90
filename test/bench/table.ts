/**
 * The benchmark's result as tables: a row for each contender, a column for each figure, one table for each group of figures.
 * @module
 */
import { figureNames, figures, type FigureGroup, type FigureName } from './figure.ts';
import { formatSpread, ratiosOfResult, summarizeForeignLoad, type BenchResult } from './result.ts';
import { desktop, inProcess, spreadOf } from './samples.ts';

/** A table: a title, the heads of its columns, and rows that begin with a label. */
export type Table = { readonly title: string; readonly head: readonly string[]; readonly rows: readonly string[][] };

const titles: Readonly<Record<FigureGroup, string>> = {
  throughput: 'TCP',
  cost: 'What it costs',
  packets: 'Small packets: UDP with 64 bytes of payload, under 1 % lost',
  roundTrip: 'Round trips',
  stages: 'Stages of a packet’s way, one process',
  desktop: 'The window, ten tunnels',
  app: 'The desktop app, ten tunnels',
};

const dash = '–';

/** All tables in which something was measured. */
export function makeTables(result: BenchResult): Table[] {
  const groups = Object.keys(titles).filter((name): name is FigureGroup => name in titles);
  return groups.map((group) => makeTable(result, group)).filter(({ rows }) => rows.length > 0);
}

/** Tables for a terminal; ratios and the machine's load below. */
export function formatTables(result: BenchResult): string {
  const blocks = makeTables(result).map(({ title, head, rows }) =>
    [title, ...align([['', ...head], ...rows])].join('\n'),
  );
  return [...blocks, footer(result).join('\n')].join('\n\n');
}

function makeTable(result: BenchResult, group: FigureGroup): Table {
  const names = figureNames().filter((name) => figures[name].group === group);
  const head = names.map((name) => `${figures[name].label}, ${figures[name].unit}`);
  if (group === 'stages') return makeColumn(result, group, inProcess, 'ns/packet');
  if (group === 'desktop' || group === 'app') return makeColumn(result, group, desktop, '');
  const rows = result.contenders.map(({ name, label }) => [
    label,
    ...names.map((figure) => cell(result, name, figure)),
  ]);
  return { title: titles[group], head, rows: rows.filter(hasValue) };
}

/** One column: there is one contender only. Without a common unit, each row names its own. */
function makeColumn(result: BenchResult, group: FigureGroup, contender: string, unit: string): Table {
  const names = figureNames().filter((name) => figures[name].group === group);
  const rows = names.map((figure) => {
    const { label, unit: own } = figures[figure];
    return [unit === '' ? `${label}, ${own}` : label, cell(result, contender, figure)];
  });
  return { title: titles[group], head: [unit], rows: rows.filter(hasValue) };
}

function hasValue([, ...values]: readonly string[]): boolean {
  return values.some((value) => value !== dash);
}

function cell({ samples }: BenchResult, contender: string, figure: FigureName): string {
  return formatSpread(spreadOf(samples, contender, figure), figure);
}

function align(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((text, column) => (column === 0 ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

function footer(result: BenchResult): string[] {
  const { average, most } = summarizeForeignLoad(result.foreignLoads);
  return [
    `median (least..most) of ${result.rounds} rounds of ${result.seconds} s`,
    ...Object.entries(ratiosOfResult(result)).map(([name, ratio]) => `ratio ${name.padEnd(34)} ${ratio.toFixed(3)}`),
    `other work on the machine: ${average.toFixed(2)} cores on average, ${most.toFixed(2)} at most, of ${result.machine.cores}`,
    ...result.missing.map(({ name, why }) => `not measured: ${name}, because ${why}`),
    ...result.failures.map((failure) => `failed: ${failure}`),
  ];
}
