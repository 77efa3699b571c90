/**
 * Mutated ICMP errors, about packets that were sent and about others.
 * @module
 */
import { fuzz } from './fuzz.ts';
import { IcmpTarget } from './icmp-target.ts';

for (const family of [4, 6] as const) {
  fuzz(`ICMP errors of IPv${family}: never a throw, one verdict each, and no path below its least`, (random) => {
    return new IcmpTarget(random, family);
  });
}
