/**
 * Which probe visits which contender. A quick run leaves out what no ratio needs.
 * @module
 */
import type { Contender, Role } from './contender.ts';
import type { Probe } from './figure.ts';
import { roundTripIdle, roundTripLoaded } from './figures/round-trip.ts';
import { smallPackets } from './figures/small-packets.ts';
import {
  tcpFourStreams,
  tcpFourStreamsBack,
  tcpFourStreamsBoth,
  tcpOneStream,
  tcpOneStreamBack,
} from './figures/tcp-throughput.ts';

type Visit = { readonly probe: Probe; readonly roles: readonly Role[]; readonly quickRoles: readonly Role[] };

const everyRole: readonly Role[] = ['own', 'variant', 'peer', 'bound'];

/** In the order of a round. */
const visits: readonly Visit[] = [
  { probe: tcpOneStream, roles: everyRole, quickRoles: everyRole },
  { probe: tcpOneStreamBack, roles: ['own', 'peer', 'bound'], quickRoles: [] },
  { probe: tcpFourStreams, roles: ['own', 'peer', 'bound'], quickRoles: ['own'] },
  { probe: tcpFourStreamsBack, roles: ['own', 'peer', 'bound'], quickRoles: [] },
  { probe: tcpFourStreamsBoth, roles: ['own', 'peer', 'bound'], quickRoles: ['own'] },
  { probe: smallPackets, roles: everyRole, quickRoles: ['own', 'peer'] },
  { probe: roundTripIdle, roles: everyRole, quickRoles: ['own', 'peer', 'bound'] },
  { probe: roundTripLoaded, roles: ['own', 'peer', 'bound'], quickRoles: ['own'] },
];

/** The probes of a round, each with the test of whom it visits. */
export function planVisits(isQuick: boolean): { probe: Probe; visits: (contender: Contender) => boolean }[] {
  return visits.map(({ probe, roles, quickRoles }) => {
    const visited = isQuick ? quickRoles : roles;
    return { probe, visits: ({ role }) => visited.includes(role) };
  });
}
