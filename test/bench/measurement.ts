/**
 * The loop of the benchmark: starts the contenders, then visits each with each probe, round by round.
 * @module
 */
import { Interruption } from '#examples/two-gateways/interruption.ts';
import type { BenchContext, Contender, Endpoints } from './contender.ts';
import { figureNames, figures, type Measured, type Probe } from './figure.ts';
import { startMeter } from './processor-time.ts';
import type { BenchResult, ForeignLoad } from './result.ts';
import { addedRoundTrips, type Sample } from './samples.ts';

/** A contender that runs. */
export type RunningContender = { readonly contender: Contender; readonly ends: Endpoints };

type Say = (text: string) => void;
type Missing = { readonly name: string; readonly why: string };

/** Start all contenders that can run here; the others are reported with the reason. */
export async function startContenders(
  contenders: readonly Contender[],
  context: BenchContext,
  say: Say,
): Promise<{ running: RunningContender[]; missing: Missing[] }> {
  const running: RunningContender[] = [];
  const missing: Missing[] = [];
  for (const contender of contenders) {
    const why = await contender.obstacle();
    if (why === null) running.push({ contender, ends: await contender.start(context) });
    else missing.push({ name: contender.name, why });
    say(`${contender.label}: ${why ?? 'ready'}`);
  }
  return { running, missing };
}

/** Visit every contender with every probe, `rounds` times. A probe that fails is reported, and the rest goes on. */
export async function measureRounds(
  running: readonly RunningContender[],
  probes: readonly Probe[],
  { rounds, seconds }: { readonly rounds: number; readonly seconds: number },
  say: Say,
): Promise<Pick<BenchResult, 'samples' | 'foreignLoads' | 'failures'>> {
  const samples: Sample[] = [];
  const foreignLoads: ForeignLoad[] = [];
  const failures: string[] = [];
  for (let round = 1; round <= rounds; round++) {
    for (const probe of probes) {
      for (const { contender, ends } of rotate(running, round - 1)) {
        const where = `round ${round} of ${rounds}, ${probe.name}, ${contender.label}`;
        try {
          const readMeter = startMeter(ends.daemonPids);
          const measured = await probe.measure(ends, seconds);
          const { foreignSeconds, wallSeconds } = readMeter();
          samples.push(...toSamples(measured, round, contender.name));
          foreignLoads.push({
            round,
            contender: contender.name,
            probe: probe.name,
            cores: foreignSeconds / wallSeconds,
          });
          say(`${where}: ${describe(measured)}`);
        } catch (error) {
          if (error instanceof Interruption) throw error;
          failures.push(`${where}: ${error instanceof Error ? error.message : String(error)}`);
          say(`${where}: failed`);
        }
      }
    }
  }
  return { samples: [...samples, ...addedRoundTrips(samples)], foreignLoads, failures };
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
