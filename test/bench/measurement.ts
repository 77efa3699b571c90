/**
 * The loop of the benchmark: starts the contenders, then visits each with each probe, round by round.
 * @module
 */
import { Interruption } from '#examples/two-gateways/interruption.ts';
import type { Processes } from '#examples/two-gateways/netns/process.ts';
import type { BenchContext, Contender, Endpoints } from './contender.ts';
import type { DesktopParts } from './desktop-parts.ts';
import { figureNames, figures, type Measured } from './figure.ts';
import { measureDesktop } from './figures/desktop.ts';
import { measureDesktopApp } from './figures/desktop-app.ts';
import { measureStages } from './figures/stages.ts';
import { startMeter } from './processor-time.ts';
import type { BenchResult, ForeignLoad } from './result.ts';
import { addedRoundTrips, desktop, inProcess, type Sample } from './samples.ts';
import { planVisits } from './schedule.ts';

/** A contender that runs. */
export type RunningContender = { readonly contender: Contender; readonly ends: Endpoints };

type Say = (text: string) => void;
type Findings = Pick<BenchResult, 'samples' | 'foreignLoads' | 'failures'>;
type Missing = { readonly name: string; readonly why: string };

/** A minute each, and in a quick run packaging has taken one already. */
const quickAppRounds = 2;

/** Foreign load that is worth a word. */
const noteworthyCores = 0.1;

/** Start all contenders that can run here; the others are reported with the reason. */
export async function startContenders(
  contenders: readonly Contender[],
  context: BenchContext,
  say: Say,
): Promise<{ running: RunningContender[]; missing: Missing[] }> {
  const running: RunningContender[] = [];
  const missing: Missing[] = [];
  for (const contender of contenders) {
    const why = (await contender.obstacle()) ?? (await start(contender, context, running));
    if (why !== null) missing.push({ name: contender.name, why });
    say(`${contender.label}: ${why ?? 'ready'}`);
  }
  return { running, missing };
}

/** Start one; gives why it does not. */
async function start(contender: Contender, context: BenchContext, running: RunningContender[]): Promise<string | null> {
  try {
    running.push({ contender, ends: await contender.start(context) });
    return null;
  } catch (error) {
    if (error instanceof Interruption) throw error;
    return `it does not start: ${messageOf(error)}`;
  }
}

/** What a run consists of. */
export type Measurements = {
  readonly running: readonly RunningContender[];
  readonly rounds: number;
  readonly seconds: number;
  readonly isQuick: boolean;
  /** What of the desktop is measured, too. */
  readonly parts: Pick<DesktopParts, 'hasWindow' | 'hasApp' | 'packaged'>;
};

/** Visit the contenders with the probes, `rounds` times. A probe that fails is reported, and the rest goes on. */
export async function measureRounds(measurements: Measurements, processes: Processes, say: Say): Promise<Findings> {
  const findings = new Collection(say);
  for (let round = 1; round <= measurements.rounds; round++)
    await measureRound(measurements, round, processes, findings);
  const { samples, foreignLoads, failures } = findings;
  return { samples: [...samples, ...addedRoundTrips(samples)], foreignLoads, failures };
}

async function measureRound(
  { running, rounds, seconds, isQuick, parts }: Measurements,
  round: number,
  processes: Processes,
  findings: Collection,
): Promise<void> {
  const title = `round ${round} of ${rounds}`;
  for (const { probe, visits } of planVisits(isQuick)) {
    const visited = running.filter(({ contender }) => visits(contender));
    for (const { contender, ends } of rotate(visited, round - 1)) {
      const where = { round, contender: contender.name, probe: probe.name };
      const say = `${title}, ${probe.name}, ${contender.label}`;
      await findings.add(where, say, ends.daemonPids, () => probe.measure(ends, seconds));
    }
  }
  if (running.some(({ contender }) => contender.role === 'own')) {
    const where = { round, contender: inProcess, probe: 'stages' };
    await findings.add(where, `${title}, in one process`, [], () => measureStages(processes, seconds));
  }
  if (parts.hasWindow) {
    const where = { round, contender: desktop, probe: 'window' };
    await findings.add(where, `${title}, the window`, [], () => measureDesktop(seconds));
  }
  if (parts.hasApp && (!isQuick || round <= quickAppRounds)) {
    const where = { round, contender: desktop, probe: 'app' };
    await findings.add(where, `${title}, the desktop app`, [], () => measureDesktopApp(parts.packaged, seconds));
  }
}

/** What a run found so far. */
class Collection {
  readonly samples: Sample[] = [];
  readonly foreignLoads: ForeignLoad[] = [];
  readonly failures: string[] = [];
  readonly #say: Say;

  constructor(say: Say) {
    this.#say = say;
  }

  /** Run one measurement and note what came of it. */
  async add(
    where: Omit<ForeignLoad, 'cores'>,
    title: string,
    daemonPids: readonly number[],
    measure: () => Promise<Measured>,
  ): Promise<void> {
    try {
      const readMeter = startMeter(daemonPids);
      const measured = await measure();
      const { foreignSeconds, wallSeconds } = readMeter();
      const cores = foreignSeconds / wallSeconds;
      this.samples.push(...toSamples(measured, where.round, where.contender));
      this.foreignLoads.push({ ...where, cores });
      this.#say(
        `${title}: ${describe(measured)}${cores < noteworthyCores ? '' : ` (others: ${cores.toFixed(2)} cores)`}`,
      );
    } catch (error) {
      if (error instanceof Interruption) throw error;
      this.failures.push(`${title}: ${messageOf(error)}`);
      this.#say(`${title}: failed: ${messageOf(error)}`);
    }
  }
}

/** The same list, beginning `by` further on. */
export function rotate<Item>(list: readonly Item[], by: number): Item[] {
  const start = list.length === 0 ? 0 : by % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}

function toSamples(measured: Measured, round: number, contender: string): Sample[] {
  return figureNames().flatMap((figure) => {
    const value = measured[figure] ?? null;
    return value === null ? [] : [{ round, contender, figure, value }];
  });
}

function describe(measured: Measured): string {
  return figureNames()
    .flatMap((figure) => {
      const value = measured[figure] ?? null;
      return value === null ? [] : [`${value.toFixed(figures[figure].digits)} ${figures[figure].unit}`];
    })
    .join(', ');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
