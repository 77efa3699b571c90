/**
 * The demo's command line.
 * @module
 */
import { parseArgs } from 'node:util';

/** What was asked for. */
export type DemoOptions = {
  readonly outer: 'ipv4' | 'ipv6';
  readonly isNatT: boolean;
  readonly isJson: boolean;
  readonly isKept: boolean;
  /** Bytes of the TCP transfer. */
  readonly bytes: number;
  /** Use the in-process network even where namespaces can be had. */
  readonly isMemoryForced: boolean;
  readonly isHelpAsked: boolean;
};

/** A mistake in the arguments. The message is one line that names the option and what it takes. */
export class UsageError extends Error {}

/** What `--help` prints. */
export const usage = `Usage: npm run demo -- [options]

Two gateways and a host behind each, as in the picture of ipsecif(4), and proof that the tunnel between them works.

  --outer ipv4|ipv6  addresses between the gateways (default ipv4)
  --nat-t            ESP in UDP port 4500 (link0)
  --bytes N          length of the TCP transfer: a number, or one with k, M or G (powers of 1024; default 256M)
  --json             print one JSON object on stdout, and what happens on stderr
  --keep             leave everything up until interrupted
  --memory           use the in-process network, which needs no root
  --help             this text
`;

const specification = {
  outer: { type: 'string', default: 'ipv4' },
  'nat-t': { type: 'boolean', default: false },
  bytes: { type: 'string', default: '256M' },
  json: { type: 'boolean', default: false },
  keep: { type: 'boolean', default: false },
  memory: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

/** Read the arguments. @throws UsageError */
export function parseOptions(args: readonly string[]): DemoOptions {
  const values = parseValues(args);
  const { outer } = values;
  if (outer !== 'ipv4' && outer !== 'ipv6') throw new UsageError(`--outer: "${outer}" is neither ipv4 nor ipv6`);
  return {
    outer,
    isNatT: values['nat-t'],
    isJson: values.json,
    isKept: values.keep,
    bytes: parseBytes(values.bytes),
    isMemoryForced: values.memory,
    isHelpAsked: values.help,
  };
}

function parseValues(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: specification }).values;
  } catch (error) {
    const message = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw new UsageError(`${message}; npm run demo -- --help lists the options`);
  }
}

function parseBytes(text: string): number {
  const match = /^([1-9]\d{0,11})([kMG]?)$/.exec(text);
  const unit = { '': 1, k: 1024, M: 1024 ** 2, G: 1024 ** 3 }[match?.[2] ?? ''];
  if (match === null || unit === undefined)
    throw new UsageError(`--bytes: "${text}" is no number of bytes (such as 256M)`);
  return Number(match[1]) * unit;
}
