/**
 * The limit relay: TUN to UDP and back over the same primitives as Culvert, without cipher and without decisions.
 * @module
 */
import { fileURLToPath } from 'node:url';
import { findObstacle } from '#examples/two-gateways/netns/machine.ts';
import type { Namespace } from '#examples/two-gateways/netns/namespace.ts';
import { Processes, type Running } from '#examples/two-gateways/netns/process.ts';
import { sideA, sideB } from '#examples/two-gateways/tunnel/addresses.ts';
import type { BenchContext, Contender, Endpoints } from '../contender.ts';
import { makePair } from '../namespace-pair.ts';
import { configureInner, sidesOf, type Side } from './inner-device.ts';
import { untilReady } from './readiness.ts';

const relayPath = fileURLToPath(new URL('../relay/limit-relay.ts', import.meta.url));
const device = 'limit0';
const port = '4600';
/** Super-packets that leave room for the record header in one message of UDP_SEGMENT (44 datagrams of 1472 bytes). */
const superPacketBytes = 64_000;

/** The relay. */
export const limitRelay: Contender = {
  name: 'limit',
  label: 'limit: relay without cipher',
  role: 'bound',
  obstacle: () => findObstacle(new Processes(new AbortController().signal)),
  start: startRelays,
};

async function startRelays({ processes }: BenchContext): Promise<Endpoints> {
  const { a, b } = await makePair(processes, 'limit');
  const [first, second] = await Promise.all([startRelay(a, 'a'), startRelay(b, 'b')]);
  return {
    ...{ a, b, addressA: sideA.inner[4], addressB: sideB.inner[4] },
    daemonPids: [first.daemon.pid, second.daemon.pid],
    startupMs: Math.max(first.startupMs, second.startupMs),
  };
}

async function startRelay(namespace: Namespace, side: Side): Promise<{ daemon: Running; startupMs: number }> {
  const { own, other } = sidesOf(side);
  const started = performance.now();
  const daemon = namespace.start([process.execPath, relayPath, device, own.wire[4], other.wire[4], port]);
  const startupMs = await untilReady('the limit relay', daemon, started, () => daemon.said().stdout.includes('ready'));
  await namespace.configure([`link set ${device} gso_max_size ${superPacketBytes}`]);
  await configureInner(namespace, device, side);
  return { daemon, startupMs };
}
