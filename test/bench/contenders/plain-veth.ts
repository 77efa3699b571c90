/**
 * The veth pair itself, with no tunnel: what the machine can do at most, and the measure of all others.
 * @module
 */
import { sideA, sideB } from '#examples/two-gateways/tunnel/addresses.ts';
import type { Contender } from '../contender.ts';
import { makePair } from '../namespace-pair.ts';

/** The plain veth pair. */
export const plainVeth: Contender = {
  name: 'veth',
  label: 'plain veth, no tunnel',
  role: 'bound',
  obstacle: () => Promise.resolve(null),
  start: async ({ processes }) => {
    const { a, b } = await makePair(processes, 'veth');
    return { a, b, addressA: sideA.wire[4], addressB: sideB.wire[4], daemonPids: [], startupMs: null };
  },
};
