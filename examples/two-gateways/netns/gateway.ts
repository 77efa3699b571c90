/**
 * One gateway: a culvertd in a network namespace, with its console.
 * @module
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { GatewayConsole } from '#examples/two-gateways/tunnel/gateway-console.ts';
import type { Namespace } from './namespace.ts';
import { CommandFailed, type Command, type Processes, type Running } from './process.ts';

const culvertdPath = fileURLToPath(new URL('../../../core/helper/main.ts', import.meta.url));
/** What build/bin/culvertd.mjs tells Node.js, and why. */
const optionsPath = new URL('../../../build/bin/culvertd.json', import.meta.url);
const startPatienceMs = 15_000;

/** A running culvertd and how to reach it. */
export type Gateway = {
  readonly console: GatewayConsole;
  readonly namespace: Namespace;
  /** culvertd's process id. */
  readonly pid: number;
};

/** Start culvertd in `namespace`, with its socket and state in `directory`, which is made, and wait until it answers. */
export async function startGateway(
  processes: Processes,
  name: string,
  namespace: Namespace,
  directory: string,
): Promise<Gateway> {
  const stateDirectory = join(directory, 'state');
  mkdirSync(stateDirectory, { recursive: true, mode: 0o700 });
  const console = new GatewayConsole(processes, name, directory);
  const command = culvertdCommand(console.socket, stateDirectory);
  const daemon = namespace.start(command);
  await untilListening(console.socket, daemon, command);
  return { console, namespace, pid: daemon.pid };
}

function culvertdCommand(socket: string, stateDirectory: string): Command {
  const { nodeOptions } = JSON.parse(readFileSync(optionsPath, 'utf8')) as { nodeOptions: string[] };
  return [process.execPath, ...nodeOptions, culvertdPath, '--socket', socket, '--state-dir', stateDirectory];
}

async function untilListening(path: string, daemon: Running, command: Command): Promise<void> {
  const deadline = performance.now() + startPatienceMs;
  while (!(await canConnect(path))) {
    const output = daemon.said();
    if (output.status !== -1) throw new CommandFailed(command, output);
    if (performance.now() > deadline) throw new Error(`culvertd does not listen on ${path}: ${output.stderr}`);
    await sleep(30);
  }
}

function canConnect(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = createConnection(path);
    connection.on('connect', () => (connection.destroy(), resolve(true)));
    connection.on('error', () => resolve(false));
  });
}
