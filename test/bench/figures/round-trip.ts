/**
 * Round-trip time of echo requests: on an idle contender, and beside one TCP stream that sends all it can.
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { median } from '#examples/two-gateways/median.ts';
import { ping } from '#examples/two-gateways/netns/ping.ts';
import type { Endpoints } from '../contender.ts';
import type { Probe } from '../figure.ts';
import { runTcp } from '../iperf3.ts';

const intervalSeconds = 0.005;
/** For TCP to have filled what it fills. */
const loadLeadSeconds = 0.5;

/** As many echo requests as fit in half the time, 5 ms apart. */
export const roundTripIdle: Probe = {
  name: 'round trip, idle',
  measure: async (ends, seconds) => {
    const { least, middle, late } = await pingFor(ends, seconds / 2);
    return { rttMin: least, rttMedian: middle, rttP99: late };
  },
};

/** The same beside a TCP stream. */
export const roundTripLoaded: Probe = {
  name: 'round trip, loaded',
  measure: async (ends, seconds) => {
    const load = runTcp(ends, { seconds: seconds + 1, streams: 1, way: 'forth' });
    // Its failure is seen below; until then it is not unhandled.
    load.catch(() => {});
    await sleep(loadLeadSeconds * 1000);
    const { least, middle, late } = await pingFor(ends, seconds - loadLeadSeconds);
    await load;
    return { rttLoadedMin: least, rttLoadedMedian: middle, rttLoadedP99: late };
  },
};

/** The value that `share` of all are below. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

async function pingFor(ends: Endpoints, seconds: number): Promise<{ least: number; middle: number; late: number }> {
  const count = Math.ceil(seconds / intervalSeconds);
  const { rttMs } = await ping(ends.a, ends.addressB, { count, intervalSeconds, waitSeconds: 1 });
  if (rttMs.length === 0) throw new Error('no echo request was answered');
  return { least: Math.min(...rttMs), middle: median(rttMs), late: quantile(rttMs, 0.99) };
}
