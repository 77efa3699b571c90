/**
 * WireGuard in userland: wireguard-go, newest and Debian's, and boringtun. All are configured by wg(8) through their
 * control sockets, which lie in one directory for all namespaces: every device needs a name of its own.
 * @module
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isInstalled } from '#examples/two-gateways/netns/machine.ts';
import type { Namespace } from '#examples/two-gateways/netns/namespace.ts';
import type { Command, Processes, Running } from '#examples/two-gateways/netns/process.ts';
import { sideA, sideB } from '#examples/two-gateways/tunnel/addresses.ts';
import type { BenchContext, Contender, Endpoints } from '../contender.ts';
import { makePair } from '../namespace-pair.ts';
import { installBoringtun, installNewestWireguardGo } from '../peer-programs.ts';
import { configureInner, sidesOf, type Side } from './inner-device.ts';
import { untilReady } from './readiness.ts';

type Program = {
  readonly name: string;
  readonly label: string;
  /** One letter for its devices' names. */
  readonly letter: string;
  /** Path of the program; throws with the reason when it is not to be had. */
  readonly find: () => Promise<string>;
  readonly args: readonly string[];
};

const port = 51820;

/** wireguard-go of the Go module proxy. */
export const wireguardGoNewest = contender({
  ...{ name: 'wireguardGoNewest', label: 'wireguard-go, newest', letter: 'n', args: ['-f'] },
  find: installNewestWireguardGo,
});

/** wireguard-go as Debian has it. */
export const wireguardGoDebian = contender({
  ...{ name: 'wireguardGoDebian', label: 'wireguard-go, Debian’s', letter: 'd', args: ['-f'] },
  find: findDebians,
});

/** boringtun-cli of crates.io. */
export const boringtun = contender({
  ...{ name: 'boringtun', label: 'boringtun', letter: 'b', args: ['-f', '--disable-drop-privileges'] },
  find: installBoringtun,
});

function contender(program: Program): Contender {
  return {
    name: program.name,
    label: program.label,
    role: 'peer',
    obstacle: async () => {
      if (!isInstalled('wg')) return 'wg is not installed (wireguard-tools)';
      return program.find().then(
        () => null,
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      );
    },
    start: (context) => startBoth(context, program),
  };
}

function findDebians(): Promise<string> {
  const path = '/usr/bin/wireguard-go';
  return existsSync(path) ? Promise.resolve(path) : Promise.reject(new Error('Debian’s wireguard-go is not installed'));
}

async function startBoth({ processes, directory }: BenchContext, program: Program): Promise<Endpoints> {
  const { a, b } = await makePair(processes, program.name);
  const path = await program.find();
  const [keyA, keyB] = [await makeKey(processes), await makeKey(processes)];
  const [first, second] = [
    await startOne(a, program, path, { side: 'a', directory, own: keyA, other: keyB }),
    await startOne(b, program, path, { side: 'b', directory, own: keyB, other: keyA }),
  ];
  return {
    ...{ a, b, addressA: sideA.inner[4], addressB: sideB.inner[4] },
    daemonPids: [first.daemon.pid, second.daemon.pid],
    startupMs: Math.max(first.startupMs, second.startupMs),
  };
}

type Key = { readonly secret: string; readonly shown: string };

async function makeKey(processes: Processes): Promise<Key> {
  const secret = (await processes.run(['wg', 'genkey'])).stdout.trim();
  return { secret, shown: (await processes.run(['wg', 'pubkey'], { input: `${secret}\n` })).stdout.trim() };
}

type Setting = { readonly side: Side; readonly directory: string; readonly own: Key; readonly other: Key };

async function startOne(
  namespace: Namespace,
  { letter, name, args }: Program,
  path: string,
  { side, directory, own, other }: Setting,
): Promise<{ daemon: Running; startupMs: number }> {
  const device = `cv${process.pid}${letter}${side}`;
  const started = performance.now();
  const command: Command = ['env', 'LOG_LEVEL=error', path, ...args, device];
  const daemon = namespace.start(command);
  const startupMs = await untilReady(name, daemon, started, () => existsSync(`/run/wireguard/${device}.sock`));
  const keyFile = join(directory, `${name}-${side}.key`);
  writeFileSync(keyFile, own.secret, { mode: 0o600 });
  const peer = ['peer', other.shown, 'endpoint', `${sidesOf(side).other.wire[4]}:${port}`, 'allowed-ips', '0.0.0.0/0'];
  await namespace.run(['wg', 'set', device, 'listen-port', String(port), 'private-key', keyFile, ...peer]);
  await configureInner(namespace, device, side);
  return { daemon, startupMs };
}
