/**
 * `--keep`: everything stays up until the run is interrupted, with a few lines on how to look around.
 * @module
 */
import { once } from 'node:events';
import { sideB } from './tunnel/addresses.ts';
import type { Gateways } from './namespace-demo.ts';
import type { RunContext } from './run-context.ts';
import { wireDevice, type Topology } from './netns/topology.ts';

/** Print how to look around, and wait for the interruption, which is the normal end here. */
export async function waitWhileKept(
  { narrator, signal }: RunContext,
  topology: Topology,
  gateways: Gateways,
): Promise<void> {
  narrator.say(
    '\nIt stays up until you press Ctrl-C. To look around, from another terminal in this directory, as root:\n',
  );
  const commands = [
    ...[gateways.a, gateways.b].map(({ namespace, console }) => {
      return `ip netns exec ${namespace.name} npx culvert --socket ${console.socket} status`;
    }),
    `npx culvert --socket ${gateways.a.console.socket} ifconfig ipsec0`,
    `npx culvert --socket ${gateways.a.console.socket} setkey -DP`,
    `ip netns exec ${topology.x.name} ping ${sideB.host[4]}`,
    `ip netns exec ${topology.a.name} tcpdump -n -i ${wireDevice}`,
  ];
  for (const command of commands) narrator.say(`  ${command}`);
  if (signal.aborted) return;
  const stayAlive = setInterval(() => {}, 60_000);
  await once(signal, 'abort');
  clearInterval(stayAlive);
  narrator.say('\nTaking it down.');
}
