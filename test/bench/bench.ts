/**
 * `npm run bench`: Culvert's tunnel beside other userland tunnels and beside what bounds them all, everything in one run.
 * Composition root.
 *
 * Contenders start once and stay, idle while others are measured. In each round every probe visits every contender,
 * starting one further each time, so that a change of the machine's load meets all alike.
 * @module
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { format } from 'prettier';
import { Interruption, onInterruption } from '#examples/two-gateways/interruption.ts';
import { isInstalled } from '#examples/two-gateways/netns/machine.ts';
import { removeNamespace, staleNamespaces } from '#examples/two-gateways/netns/namespace.ts';
import { Processes } from '#examples/two-gateways/netns/process.ts';
import type { Contender } from './contender.ts';
import { culvertContenders, fillCompileCache, warmUpPair } from './contenders/culvert.ts';
import { limitRelay } from './contenders/limit.ts';
import { openvpn } from './contenders/openvpn.ts';
import { plainVeth } from './contenders/plain-veth.ts';
import { libipsec } from './contenders/strongswan.ts';
import { boringtun, wireguardGoDebian, wireguardGoNewest } from './contenders/wireguard.ts';
import { noDesktop, prepareDesktop } from './desktop-parts.ts';
import { measureRounds, startContenders } from './measurement.ts';
import { pairSuffixes, removePair } from './namespace-pair.ts';
import { parseOptions, usage, UsageError, type BenchOptions } from './options.ts';
import { formatPage } from './performance-page.ts';
import { describeMachine, toJson, type BenchResult } from './result.ts';
import { desktop } from './samples.ts';
import { formatTables } from './table.ts';

const contenders: readonly Contender[] = [
  ...[plainVeth, limitRelay],
  ...culvertContenders,
  ...[wireguardGoNewest, wireguardGoDebian, boringtun, openvpn, libipsec],
];
const pairNames = [...contenders.map(({ name }) => name), warmUpPair];
const pagePath = new URL('../../docs/performance.md', import.meta.url);

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2));
  if (options.isHelpAsked) {
    process.stdout.write(usage);
    return 0;
  }
  if (process.getuid?.() !== 0) throw new UsageError('network namespaces need root');
  if (!isInstalled('iperf3')) throw new UsageError('iperf3 is not installed');
  const interruption = new AbortController();
  onInterruption(interruption);
  const processes = new Processes(interruption.signal);
  const directory = mkdtempSync(join(tmpdir(), `culvert-bench-${process.pid}-`));
  try {
    const result = await run(options, processes, directory);
    await present(options, result);
    return result.failures.length === 0 ? 0 : 1;
  } catch (error) {
    if (!(error instanceof Interruption)) throw error;
    return error.status;
  } finally {
    await cleanUp(processes, directory);
  }
}

async function run(options: BenchOptions, processes: Processes, directory: string): Promise<BenchResult> {
  await sweepStale();
  const machine = describeMachine();
  const { only } = options;
  const wanted = contenders.filter(
    ({ name }) => only === null || (only !== desktop && name === 'veth') || name.includes(only),
  );
  const parts = only === null || only === desktop ? await prepareDesktop(options.isQuick, say) : noDesktop;
  if (wanted.some(({ role }) => role === 'own')) await fillCompileCache({ processes, directory });
  const { running, missing } = await startContenders(wanted, { processes, directory }, say);
  const measured = await measureRounds({ running, ...options, parts }, processes, say);
  return {
    date: new Date().toISOString().slice(0, 10),
    machine,
    rounds: options.rounds,
    seconds: options.seconds,
    isQuick: options.isQuick,
    contenders: running.map(({ contender: { name, label, role } }) => ({ name, label, role })),
    missing: [...missing, ...parts.missing],
    ...measured,
  };
}

async function present({ json, writesPage }: BenchOptions, result: BenchResult): Promise<void> {
  const out = json === '-' ? process.stderr : process.stdout;
  out.write(`\n${formatTables(result)}\n`);
  const text = `${JSON.stringify(toJson(result), null, 2)}\n`;
  if (json === '-') process.stdout.write(text);
  else if (json !== null) writeFileSync(json, text);
  if (writesPage) writeFileSync(pagePath, await format(formatPage(result), { parser: 'markdown' }));
}

async function cleanUp(processes: Processes, directory: string): Promise<void> {
  await processes.stopAll();
  for (const name of pairNames) await removePair(uninterrupted(), name);
  rmSync(directory, { recursive: true, force: true });
}

async function sweepStale(): Promise<void> {
  for (const name of staleNamespaces(pairSuffixes(pairNames))) {
    await removeNamespace(uninterrupted(), name);
  }
}

function uninterrupted(): Processes {
  return new Processes(new AbortController().signal);
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

function reportFailure(error: unknown): number {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
}

process.exitCode = await main().catch(reportFailure);
