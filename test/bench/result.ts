/**
 * The result of a run of the benchmark: what the JSON holds, and what the table and the page are made from.
 * @module
 */
import { readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { figureNames, figures, type FigureName } from './figure.ts';
import type { Role } from './contender.ts';
import { desktop, inProcess, ratiosOf, spreadOf, type Sample, type Spread } from './samples.ts';

/** The machine that it ran on. */
export type Machine = {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly kernel: string;
  readonly system: string;
  readonly node: string;
  /** Load average of the last minute before the first measurement. */
  readonly loadBefore: number;
};

/** Foreign load during one measurement: cores that others used. */
export type ForeignLoad = {
  readonly round: number;
  readonly contender: string;
  readonly probe: string;
  readonly cores: number;
};

/** Everything that a run found. */
export type BenchResult = {
  readonly date: string;
  readonly machine: Machine;
  readonly rounds: number;
  readonly seconds: number;
  readonly isQuick: boolean;
  readonly contenders: readonly { readonly name: string; readonly label: string; readonly role: Role }[];
  /** Contenders that could not run, and why. */
  readonly missing: readonly { readonly name: string; readonly why: string }[];
  readonly samples: readonly Sample[];
  readonly foreignLoads: readonly ForeignLoad[];
  /** A sentence for each measurement that failed. */
  readonly failures: readonly string[];
};

/** Look at the machine. */
export function describeMachine(): Machine {
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    system: readSystemName(),
    node: process.version,
    loadBefore: loadavg()[0] ?? 0,
  };
}

/** The object of `--json`: the result with medians and ratios. */
export function toJson(result: BenchResult): Record<string, unknown> {
  return { ...result, medians: mediansOf(result), ratios: ratiosOfResult(result) };
}

/** The ratios of a run. */
export function ratiosOfResult({ contenders, samples }: BenchResult): Record<string, number> {
  const peers = contenders.filter(({ role }) => role === 'peer').map(({ name }) => name);
  return ratiosOf(samples, peers);
}

/** The figure's value of a contender as people read it: `7.38 (5.51..8.20)`, or a dash. */
export function formatSpread(spread: Spread | null, figure: FigureName): string {
  if (spread === null) return '–';
  const write = (value: number): string => value.toFixed(figures[figure].digits);
  return spread.count === 1
    ? write(spread.median)
    : `${write(spread.median)} (${write(spread.min)}..${write(spread.max)})`;
}

/** Cores that others used, on average and at most. */
export function summarizeForeignLoad(loads: readonly ForeignLoad[]): { average: number; most: number } {
  const cores = loads.map((load) => load.cores);
  const sum = cores.reduce((total, each) => total + each, 0);
  return { average: cores.length === 0 ? 0 : sum / cores.length, most: Math.max(0, ...cores) };
}

function mediansOf({ contenders, samples }: BenchResult): Record<string, Record<string, Spread>> {
  const rows = [...contenders.map(({ name }) => name), inProcess, desktop].map((name) => {
    const spreads = figureNames().flatMap((figure) => {
      const spread = spreadOf(samples, name, figure);
      return spread === null ? [] : [[figure, spread] as const];
    });
    return [name, Object.fromEntries(spreads)] as const;
  });
  return Object.fromEntries(rows);
}

function readSystemName(): string {
  const match = /^PRETTY_NAME="?([^"\n]+)/m.exec(readFileSync('/etc/os-release', 'utf8'));
  return match?.[1] ?? process.platform;
}
