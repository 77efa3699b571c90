/**
 * The benchmark's command line.
 * @module
 */
import { parseArgs } from 'node:util';

/** What was asked for. */
export type BenchOptions = {
  /** Where the JSON goes: a file, stdout ("-"), or nowhere. */
  readonly json: string | null;
  readonly rounds: number;
  /** Length of each measurement. */
  readonly seconds: number;
  /** Leave out what no ratio needs. */
  readonly isQuick: boolean;
  /** Only contenders whose name holds this. */
  readonly only: string | null;
  /** Write docs/performance.md. */
  readonly writesPage: boolean;
  readonly isHelpAsked: boolean;
};

/** A mistake in the arguments. */
export class UsageError extends Error {}

/** What `--help` prints. */
export const usage = `Usage: npm run bench -- [options]

Throughput, packets a second, processor time and round trips of Culvert's tunnel between two network namespaces, beside
other userland tunnels, a relay without cipher and a plain veth pair, round by round. A full run takes about an hour.

  --json [FILE]  write all samples as JSON to FILE, or to stdout (the table then goes to stderr)
  --quick        what the ratios need, in less than 12 minutes (3 rounds of 2 s)
  --rounds N     how often each is measured (default 3)
  --seconds N    how long each measurement takes (default 8)
  --only NAME    only contenders whose name holds NAME, and the plain veth pair; desktop: only the window
  --page         write docs/performance.md
  --help         this text
`;

const specification = {
  json: { type: 'boolean', default: false },
  quick: { type: 'boolean', default: false },
  rounds: { type: 'string' },
  seconds: { type: 'string' },
  only: { type: 'string' },
  page: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

/** Read the arguments. @throws UsageError */
export function parseOptions(args: readonly string[]): BenchOptions {
  const { values, positionals } = parseValues(args);
  const [file, ...rest] = positionals;
  if (rest.length > 0 || (file !== undefined && !values.json)) {
    throw new UsageError(`"${positionals.at(-1)}" is more than this takes; --json takes one file`);
  }
  return {
    json: values.json ? (file ?? '-') : null,
    rounds: parseCount('--rounds', values.rounds, 3),
    seconds: parseCount('--seconds', values.seconds, values.quick ? 2 : 8),
    isQuick: values.quick,
    only: values.only ?? null,
    writesPage: values.page,
    isHelpAsked: values.help,
  };
}

function parseValues(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: specification, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));
  }
}

function parseCount(option: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new UsageError(`${option}: "${text}" is no number from 1 to 9999`);
  return Number(text);
}
