/**
 * How many threads the datapath has, and where each writes what it counts.
 * @module
 */
import type { CounterBanks } from '#core/datapath/counters.ts';
import { mostWorkers } from '#core/datapath/sharing/send-line.ts';

/** Workers of each direction. With more than one outbound there is a sender, too. */
export type WorkerPlan = { readonly outbound: number; readonly inbound: number };

/** One worker a direction, each of which does all by itself. */
export const singleWorkers: WorkerPlan = { outbound: 1, inbound: 1 };

/** Fewer processors than this, and more workers would only be in each other's way. */
const enoughProcessors = 4;
/** Most workers that `auto` gives: the sender is one thread, and has enough to do then. */
const mostAutomatic = 4;

/** The plan for so many workers a direction; `auto` goes by the processors of the machine. */
export function planWorkers(wanted: number | 'auto', processors: number): WorkerPlan {
  const automatic = processors < enoughProcessors ? 1 : Math.min(mostAutomatic, Math.floor(processors / 2));
  const workers = wanted === 'auto' ? automatic : Math.min(mostWorkers, Math.max(1, wanted));
  return { outbound: workers, inbound: workers };
}

/** Banks of counters that a plan needs. */
export function bankCount({ outbound, inbound }: WorkerPlan): number {
  return outbound === 1 ? inbound : outbound + inbound;
}

/**
 * Where a worker writes. Several outbound ones have a bank each besides the first, which has the truth about
 * associations; several inbound ones tell interfaces apart only.
 */
export function banksOf(direction: 'outbound' | 'inbound', index: number, { outbound }: WorkerPlan): CounterBanks {
  const own = direction === 'outbound' && outbound > 1 ? 1 + index : 0;
  if (direction === 'outbound') return { interfaces: own, associations: own };
  const behind = outbound === 1 ? 0 : outbound;
  return { interfaces: index === 0 ? 0 : behind + index, associations: 0 };
}
