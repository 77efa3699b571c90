/**
 * The demo over the in-process network (core/host/memory): the same gateways, policies, associations, datapath loops
 * and culvert commands, with the portable transform and no TUN device, kernel or root. For machines where those cannot
 * be had, and for systems other than Linux.
 * @module
 */
import { parseIpAddress } from '#core/ip/address.ts';
import { parsePrefix } from '#core/ip/prefix.ts';
import { buildTwoGateways, type Side, type TwoGateways } from '#core/host/memory/two-gateways.ts';
import type { Evidence } from '#examples/two-gateways/evidence.ts';
import type { RunContext } from '#examples/two-gateways/run-context.ts';
import {
  describeGateway,
  installAssociations,
  setUpInterfaces,
  type Consoles,
} from '#examples/two-gateways/tunnel/tunnel-setup.ts';
import type { TunnelPlan } from '#examples/two-gateways/tunnel/tunnel-commands.ts';
import { expectOnWire } from '#examples/two-gateways/wire/wire-expectation.ts';
import { WireTally } from '#examples/two-gateways/wire/wire-tally.ts';
import { openMemoryConsole } from './memory-console.ts';
import { proveTunnel } from './memory-proof.ts';
import { tapWire } from './wire-tap.ts';

const wireLatencyMs = 5;

/** A run over the in-process network: the evidence, and the consoles, which stay open until the run ends. */
export type MemoryRun = {
  readonly evidence: Evidence;
  readonly consoles: Consoles;
  readonly network: TwoGateways;
};

/** Build the picture, set the tunnel up, and gather evidence. */
export async function runInMemory(context: RunContext): Promise<MemoryRun> {
  const { options, narrator } = context;
  const plan: TunnelPlan = { outer: options.outer === 'ipv4' ? 4 : 6, isNatT: options.isNatT };
  const network = buildTwoGateways({ startMs: Date.now(), wire: { latencyMs: wireLatencyMs } });
  const plaintextWithoutTunnel = await showPlaintext(context, network, plan);
  const consoles = await openConsoles(context, network);
  await setUpInterfaces(narrator, consoles, plan);
  await addRoutes(context, network);
  const associations = await installAssociations(narrator, consoles, plan);
  const bytesAsked = options.bytes;
  const { wire, ...measured } = await proveTunnel(context, network, plan, associations, bytesAsked);
  const gateways = [await describeGateway(consoles.a), await describeGateway(consoles.b)];
  const run = { mode: 'memory', outer: options.outer, natT: options.isNatT, bytesAsked } as const;
  return { evidence: { ...run, ...measured, wire: { ...wire, plaintextWithoutTunnel }, gateways }, consoles, network };
}

async function showPlaintext({ narrator }: RunContext, network: TwoGateways, plan: TunnelPlan): Promise<number> {
  return narrator.step(
    'Control: without a tunnel, Host_X pings Host_Y over the bare wire',
    () => {
      const tally = new WireTally(expectOnWire(plan, []));
      const untap = tapWire(network, (frame) => tally.add(frame));
      const unroute = addBareRoutes(network);
      for (const family of [4, 6] as const) network.a.host.ping(parseIpAddress(network.b.addresses.host[family]));
      unroute();
      untap();
      return Promise.resolve(tally.totals().plaintextFrames);
    },
    (count) => `${count} plaintext packets seen, as there should be`,
  );
}

async function openConsoles(context: RunContext, network: TwoGateways): Promise<Consoles> {
  return context.narrator.step('Both gateways, in this process', async () => ({
    a: await openMemoryConsole(context, network, network.a),
    b: await openMemoryConsole(context, network, network.b),
  }));
}

/** As in the manual page: a gateway that is one of our own addresses means its interface. */
async function addRoutes({ narrator }: RunContext, { a, b }: TwoGateways): Promise<void> {
  for (const [own, other] of [[a, b] as const, [b, a] as const]) {
    for (const family of [4, 6] as const) {
      const [prefix, gateway] = [other.addresses.network[family], own.addresses.inner[family]];
      await narrator.step(`${own.addresses.gatewayName}# route add ${prefix} ${gateway}`, () => {
        own.router.addRoute(parsePrefix(prefix), parseIpAddress(gateway));
        return Promise.resolve();
      });
    }
  }
}

/** Send both local networks' packets over the bare wire. Gives how to stop that. */
function addBareRoutes({ a, b }: TwoGateways): () => void {
  const sides: readonly (readonly [Side, Side])[] = [
    [a, b],
    [b, a],
  ];
  const routes = sides.flatMap(([own, other]) =>
    ([4, 6] as const).map((family) => {
      const prefix = parsePrefix(other.addresses.network[family]);
      own.router.addRoute(prefix, other.wireAddress[family]);
      return { router: own.router, prefix };
    }),
  );
  return () => routes.forEach(({ router, prefix }) => router.routes.removeWhere((route) => route.prefix === prefix));
}
