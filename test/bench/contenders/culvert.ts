/**
 * Culvert itself, in its ways: a culvertd at each end, inner MTU 1400.
 * @module
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findObstacle } from '#examples/two-gateways/netns/machine.ts';
import { startGateway } from '#examples/two-gateways/netns/gateway.ts';
import { Processes } from '#examples/two-gateways/netns/process.ts';
import { sideA, sideB } from '#examples/two-gateways/tunnel/addresses.ts';
import type { BenchContext, Contender, Endpoints } from '../contender.ts';
import { makePair, removePair } from '../namespace-pair.ts';
import { setUpCulvert, type CulvertPlan } from './culvert-setup.ts';

/** ESP in UDP port 4500 over IPv4, AES-256-GCM, link1 off. */
const natTPlan: CulvertPlan = {
  outer: 4,
  isNatT: true,
  suite: 'aesGcm',
  hasLink1: false,
  tunnels: 1,
  moreAssociations: 0,
};

const stopPatienceMs = 10_000;
const stepMs = 20;

/** The two main ways, then each variant, which differs from `natT` in what its label says. */
export const culvertContenders: readonly Contender[] = [
  contender('natT', 'Culvert, NAT-T', 'own', {}),
  contender('esp', 'Culvert, ESP', 'own', { isNatT: false }),
  contender('natT6', 'Culvert, NAT-T over IPv6', 'variant', { outer: 6 }),
  contender('esp6', 'Culvert, ESP over IPv6', 'variant', { isNatT: false, outer: 6 }),
  contender('chacha20', 'Culvert, NAT-T, ChaCha20-Poly1305', 'variant', { suite: 'chacha20' }),
  contender('cbcSha256', 'Culvert, NAT-T, AES-256-CBC, HMAC-SHA2-256', 'variant', { suite: 'cbcSha256' }),
  contender('natTLink1', 'Culvert, NAT-T, link1', 'variant', { hasLink1: true }),
  contender('natT100', 'Culvert, NAT-T, 100 tunnels', 'variant', { tunnels: 100 }),
  contender('natT1000', 'Culvert, NAT-T, 1000 tunnels', 'variant', { tunnels: 1000 }),
  contender('natTSas', 'Culvert, NAT-T, 10,000 more SAs', 'variant', { moreAssociations: 10_000 }),
];

/** Name of the pair that `fillCompileCache` needs for a while. */
export const warmUpPair = 'warmUp';

/** Start a culvertd and end it: only as it ends Node.js keeps what it compiled, and those to be measured outlive each other. */
export async function fillCompileCache({ processes, directory }: BenchContext): Promise<void> {
  const obstacle = await findObstacle(processes);
  if (obstacle !== null) return;
  const { a } = await makePair(processes, warmUpPair);
  const { pid } = await startGateway(processes, 'A', a, join(directory, warmUpPair));
  process.kill(pid, 'SIGTERM');
  for (let waited = 0; waited < stopPatienceMs && existsSync(`/proc/${pid}`); waited += stepMs) await sleep(stepMs);
  await removePair(processes, warmUpPair);
}

function contender(name: string, label: string, role: Contender['role'], changes: Partial<CulvertPlan>): Contender {
  return {
    name,
    label,
    role,
    obstacle: () => findObstacle(new Processes(new AbortController().signal)),
    start: (context) => startTunnel(context, name, { ...natTPlan, ...changes }),
  };
}

async function startTunnel(
  { processes, directory }: BenchContext,
  name: string,
  plan: CulvertPlan,
): Promise<Endpoints> {
  const pair = await makePair(processes, name);
  const started = performance.now();
  const a = await startGateway(processes, 'A', pair.a, join(directory, `${name}-a`));
  const startupMs = performance.now() - started;
  const b = await startGateway(processes, 'B', pair.b, join(directory, `${name}-b`));
  await setUpCulvert({ a: a.console.socket, b: b.console.socket }, plan);
  return {
    ...pair,
    addressA: sideA.inner[4],
    addressB: sideB.inner[4],
    daemonPids: [a.pid, b.pid],
    startupMs,
  };
}
