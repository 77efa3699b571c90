/**
 * Round-trip time of echo requests on an idle contender.
 * @module
 */
import { median } from '#examples/two-gateways/median.ts';
import { ping } from '#examples/two-gateways/netns/ping.ts';
import type { Probe } from '../figure.ts';

const intervalSeconds = 0.005;

/** As many echo requests as fit in half the time, 5 ms apart. */
export const roundTrip: Probe = {
  name: 'round trip',
  measure: async (ends, seconds) => {
    const count = Math.ceil(seconds / 2 / intervalSeconds);
    const { rttMs } = await ping(ends.a, ends.addressB, { count, intervalSeconds, waitSeconds: 1 });
    if (rttMs.length === 0) throw new Error('no echo request was answered');
    return { rttMin: Math.min(...rttMs), rttMedian: median(rttMs) };
  },
};
