/**
 * `--keep`: everything stays up until the run is interrupted, with a few lines on how to look around.
 * @module
 */
import { once } from 'node:events';
import type { RunContext } from './run-context.ts';
import { sideB } from './tunnel/addresses.ts';
import type { Consoles } from './tunnel/tunnel-setup.ts';
import type { Gateways } from './namespace-demo.ts';
import { wireDevice, type Topology } from './netns/topology.ts';

/** Commands for looking around in namespaces. */
export function namespaceCommands({ x, a }: Topology, gateways: Gateways): string[] {
  return [
    ...consoleCommands({ a: gateways.a.console, b: gateways.b.console }),
    ...[gateways.a, gateways.b].map(({ namespace, console }) => {
      return `ip netns exec ${namespace.name} npx culvert --socket ${console.socket} status`;
    }),
    `ip netns exec ${x.name} ping ${sideB.host[4]}`,
    `ip netns exec ${a.name} tcpdump -n -i ${wireDevice}`,
  ];
}

/** Commands for looking around where there is only a console: first the window on either gateway. */
export function consoleCommands({ a, b }: Consoles): string[] {
  const windows = [a, b].map(({ name, socket }) => `npx culvert --socket ${socket} ui    # the window on ${name}`);
  return [...windows, ...textCommands({ a, b })];
}

function textCommands({ a, b }: Consoles): string[] {
  return [a, b].flatMap(({ socket }) => [
    `npx culvert --socket ${socket} ifconfig ipsec0`,
    `npx culvert --socket ${socket} setkey -DP`,
  ]);
}

/** Print how to look around, and wait for the interruption, which is the normal end here. */
export async function waitWhileKept({ narrator, signal }: RunContext, commands: readonly string[]): Promise<void> {
  narrator.say(
    '\nIt stays up until you press Ctrl-C, with packets running through the tunnel. To look around, from another terminal in this directory, as the same user:\n',
  );
  for (const command of commands) narrator.say(`  ${command}`);
  if (signal.aborted) return;
  const stayAlive = setInterval(() => {}, 60_000);
  await once(signal, 'abort');
  clearInterval(stayAlive);
  narrator.say('\nTaking it down.');
}
