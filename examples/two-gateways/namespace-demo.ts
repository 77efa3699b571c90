/**
 * The demo in network namespaces: real culvertds, real TUN devices, real packets.
 *
 *   1 four machines          2 plaintext, to show that the judge sees it     3 culvertd in both gateways
 *   4 the tunnel by commands 5 associations                                  6 the proof (namespace-proof.ts)
 *   7 what setkey says
 * @module
 */
import { join } from 'node:path';
import type { SideAddresses } from '#core/host/memory/two-gateways.ts';
import { sideA, sideB } from './tunnel/addresses.ts';
import { readFrames } from './wire/capture-file.ts';
import { startCapture } from './wire/capture.ts';
import type { Evidence } from './evidence.ts';
import { startGateway, type Gateway } from './netns/gateway.ts';
import { describeGateway, installAssociations, setUpInterfaces } from './tunnel/tunnel-setup.ts';
import type { Namespace } from './netns/namespace.ts';
import { ping } from './netns/ping.ts';
import { proveTunnel } from './namespace-proof.ts';
import type { RunContext } from './run-context.ts';
import { buildTopology, setBareRoutes, wireDevice, type Topology } from './netns/topology.ts';
import { tunnelDevice, type TunnelPlan } from './tunnel/tunnel-commands.ts';
import { expectOnWire } from './wire/wire-expectation.ts';
import { WireTally } from './wire/wire-tally.ts';

/** The two gateways, running. */
export type Gateways = { readonly a: Gateway; readonly b: Gateway };

/** What a run in namespaces leaves: the evidence, and what still stands. */
export type NamespaceRun = { readonly evidence: Evidence; readonly topology: Topology; readonly gateways: Gateways };

/** Build the picture, set the tunnel up, and gather evidence. What it made stays up. */
export async function runInNamespaces(context: RunContext): Promise<NamespaceRun> {
  const { narrator, options, processes } = context;
  const plan: TunnelPlan = { outer: options.outer === 'ipv4' ? 4 : 6, isNatT: options.isNatT };
  const topology = await narrator.step('Four machines and their cables', () => buildTopology(processes), nameMachines);
  const plaintextWithoutTunnel = await showPlaintext(context, topology, plan);
  const gateways = await startGateways(context, topology);
  const consoles = { a: gateways.a.console, b: gateways.b.console };
  await setUpInterfaces(narrator, consoles, plan);
  await addRoutes(context, gateways);
  const associations = await installAssociations(narrator, consoles, plan);
  const { wire, ...measured } = await proveTunnel(context, topology, plan, associations, options.bytes);
  const evidence: Evidence = {
    mode: 'netns',
    outer: options.outer,
    natT: options.isNatT,
    bytesAsked: options.bytes,
    ...measured,
    wire: { ...wire, plaintextWithoutTunnel },
    gateways: await Promise.all([describeGateway(consoles.a), describeGateway(consoles.b)]),
  };
  return { evidence, topology, gateways };
}

function nameMachines({ x, a, b, y }: Topology): string {
  return [x, a, b, y].map(({ name }) => name).join(' ');
}

async function showPlaintext(context: RunContext, topology: Topology, plan: TunnelPlan): Promise<number> {
  const path = join(context.directory, 'without-tunnel.pcap');
  return context.narrator.step(
    'Control: without a tunnel, Host_X pings Host_Y over the bare wire',
    async () => {
      await setBareRoutes(topology, 'add');
      const capture = await startCapture(topology.a, wireDevice, path, 2);
      const once = { count: 1, intervalSeconds: 1, waitSeconds: 3 };
      await Promise.all(([4, 6] as const).map((family) => ping(topology.x, sideB.host[family], once)));
      await capture.stop();
      await setBareRoutes(topology, 'del');
      return new WireTally(expectOnWire(plan, [])).addAll(readFrames(path)).totals().plaintextFrames;
    },
    (count) => `${count} plaintext packets seen, as there should be`,
  );
}

async function startGateways({ narrator, processes, directory }: RunContext, topology: Topology): Promise<Gateways> {
  const start = ({ gatewayName }: SideAddresses, namespace: Namespace): Promise<Gateway> =>
    startGateway(processes, gatewayName, namespace, join(directory, gatewayName));
  return narrator.step(
    'culvertd in both gateways',
    async () => {
      const [a, b] = await Promise.all([start(sideA, topology.a), start(sideB, topology.b)]);
      return { a, b };
    },
    ({ a, b }) => `process ${a.pid} and ${b.pid}`,
  );
}

async function addRoutes({ narrator }: RunContext, { a, b }: Gateways): Promise<void> {
  for (const [gateway, other] of [[a, sideB] as const, [b, sideA] as const]) {
    for (const family of [4, 6] as const) {
      const route = `route add ${other.network[family]} dev ${tunnelDevice}`;
      await narrator.step(`${gateway.console.name}# ip ${route}`, () => gateway.namespace.configure([route]));
    }
  }
}
