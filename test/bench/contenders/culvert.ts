/**
 * Culvert itself: a culvertd at each end, set up through the culvert command as in the demo, AES-256-GCM, inner MTU 1400.
 * @module
 */
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { findObstacle } from '#examples/two-gateways/netns/machine.ts';
import { startGateway } from '#examples/two-gateways/netns/gateway.ts';
import { installAssociations, setUpInterfaces } from '#examples/two-gateways/tunnel/tunnel-setup.ts';
import { Narrator } from '#examples/two-gateways/narrator.ts';
import { Processes } from '#examples/two-gateways/netns/process.ts';
import { sideA, sideB } from '#examples/two-gateways/tunnel/addresses.ts';
import type { TunnelPlan } from '#examples/two-gateways/tunnel/tunnel-commands.ts';
import type { BenchContext, Contender, Endpoints } from '../contender.ts';
import { makePair } from '../namespace-pair.ts';

/** ESP in UDP port 4500 over IPv4: the kernel batches it (UDP_SEGMENT, UDP_GRO). */
export const culvertNatT: Contender = contender('natT', 'Culvert, NAT-T over IPv4', { outer: 4, isNatT: true });

/** ESP over IPv4, IP protocol 50. */
export const culvertEsp: Contender = contender('esp', 'Culvert, ESP over IPv4', { outer: 4, isNatT: false });

function contender(name: string, label: string, plan: TunnelPlan): Contender {
  return {
    name,
    label,
    obstacle: () => findObstacle(new Processes(new AbortController().signal)),
    start: (context) => startTunnel(context, name, plan),
  };
}

async function startTunnel({ processes, directory }: BenchContext, name: string, plan: TunnelPlan): Promise<Endpoints> {
  const pair = await makePair(processes, name);
  const [a, b] = await Promise.all([
    startGateway(processes, 'A', pair.a, join(directory, `${name}-a`)),
    startGateway(processes, 'B', pair.b, join(directory, `${name}-b`)),
  ]);
  const consoles = { a: a.console, b: b.console };
  await setUpInterfaces(silent(), consoles, plan);
  await installAssociations(silent(), consoles, plan);
  return { ...pair, addressA: sideA.inner[4], addressB: sideB.inner[4], daemonPids: [a.pid, b.pid] };
}

function silent(): Narrator {
  return new Narrator(new Writable({ write: (_text, _encoding, done) => done() }));
}
