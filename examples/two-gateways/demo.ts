/**
 * `npm run demo`: the picture of ipsecif(4), set up from nothing, and proof that its tunnel works. Composition root.
 *
 * Ends with status 0 only if all of the proof holds; 1 when it does not, 2 for a mistake in the arguments, 128 + N when
 * signal N ended it. Everything that it made is gone afterwards in each of these cases.
 * @module
 */
import { findFaults, toJson, type Evidence } from './evidence.ts';
import { Interruption, onInterruption } from './interruption.ts';
import { consoleCommands, namespaceCommands, waitWhileKept } from './keep.ts';
import { startMemoryTraffic, startNamespaceTraffic } from './kept-traffic.ts';
import { findObstacle } from './netns/machine.ts';
import { runInMemory } from './memory/memory-demo.ts';
import { runInNamespaces } from './namespace-demo.ts';
import { Narrator } from './narrator.ts';
import { parseOptions, usage, UsageError, type DemoOptions } from './options.ts';
import { buildPage } from './page.ts';
import { Processes } from './netns/process.ts';
import { reportEvidence, reportStatus } from './report.ts';
import { describeTunnel, type RunContext } from './run-context.ts';
import type { Consoles } from './tunnel/tunnel-setup.ts';
import { cleanUp, makeDirectory, sweepStale } from './workspace.ts';

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2));
  if (options.isHelpAsked) {
    process.stdout.write(usage);
    return 0;
  }
  const interruption = new AbortController();
  onInterruption(interruption);
  const narrator = new Narrator(options.isJson ? process.stderr : process.stdout);
  const processes = new Processes(interruption.signal);
  const context = { options, narrator, processes, directory: makeDirectory(), undo: [], signal: interruption.signal };
  try {
    return await demonstrate(context);
  } catch (error) {
    if (!(error instanceof Interruption)) throw error;
    narrator.say(`\nInterrupted (${error.signal}).`);
    return error.status;
  } finally {
    await cleanUp(context);
  }
}

async function demonstrate(context: RunContext): Promise<number> {
  const { options, narrator, processes } = context;
  narrator.say(`Culvert's demo: two gateways, one ipsecif tunnel, ${describeTunnel(options)}`);
  await sweepStale(narrator);
  const obstacle = options.isMemoryForced ? 'it was asked for with --memory' : await findObstacle(processes);
  return obstacle === null ? demonstrateInNamespaces(context) : demonstrateInMemory(context, obstacle);
}

async function demonstrateInNamespaces(context: RunContext): Promise<number> {
  const { evidence, topology, gateways } = await runInNamespaces(context);
  const consoles = { a: gateways.a.console, b: gateways.b.console };
  const status = await conclude(context, evidence, consoles);
  if (context.options.isKept) {
    await buildPage(context);
    startNamespaceTraffic(topology);
    await waitWhileKept(context, namespaceCommands(topology, gateways));
  }
  return status;
}

async function demonstrateInMemory(context: RunContext, obstacle: string): Promise<number> {
  const { narrator, options } = context;
  narrator.say(`Over the in-process network, because ${obstacle}.`);
  narrator.say(
    'The same protocol code and commands, but no TUN device, no kernel, and ciphers in JavaScript: a minute or so.',
  );
  const { evidence, consoles, network } = await runInMemory(context);
  const status = await conclude(context, evidence, consoles);
  if (options.isKept) {
    await buildPage(context);
    const stopTraffic = startMemoryTraffic(network);
    await waitWhileKept(context, consoleCommands(consoles));
    stopTraffic();
  }
  return status;
}

async function conclude({ options, narrator }: RunContext, evidence: Evidence, consoles: Consoles): Promise<number> {
  const faults = findFaults(evidence);
  reportEvidence(narrator, evidence, faults);
  if (faults.length > 0) for (const console of [consoles.a, consoles.b]) await reportStatus(narrator, console);
  if (options.isJson) process.stdout.write(`${JSON.stringify(toJson(evidence))}\n`);
  return faults.length === 0 ? 0 : 1;
}

/** The object of --json also when nothing could be measured, so that a reader of stdout always finds one. */
function reportFailure(error: unknown): number {
  if (error instanceof UsageError) {
    process.stderr.write(`demo: ${error.message}\n`);
    return 1;
  }
  process.stderr.write(`\ndemo: ${error instanceof Error ? error.message : String(error)}\n`);
  const options: DemoOptions = parseOptions(process.argv.slice(2));
  if (options.isJson) process.stdout.write(`${JSON.stringify(toJson(nothingMeasured(options, error)))}\n`);
  return 1;
}

function nothingMeasured({ outer, isNatT, isMemoryForced }: DemoOptions, error: unknown): Evidence {
  const troubles = [error instanceof Error ? error.message : String(error)];
  const nothing = { pings: [], tcp: null, wire: null, gateways: [], bytesAsked: 0 };
  return { mode: isMemoryForced ? 'memory' : 'netns', outer, natT: isNatT, troubles, ...nothing };
}

process.exitCode = await main().catch(reportFailure);
