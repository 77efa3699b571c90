/**
 * One gateway: a culvertd in a network namespace, and the culvert command that talks to it.
 * Everything is configured through the command line, as a user would.
 * @module
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Namespace } from './namespace.ts';
import { CommandFailed, type Command, type Output, type Processes, type Running } from './process.ts';

const culvertdPath = fileURLToPath(new URL('../../../core/helper/main.ts', import.meta.url));
const culvertPath = fileURLToPath(new URL('../../../core/cli/main.ts', import.meta.url));
const startPatienceMs = 15_000;
const ownerOnly = 0o600;

/** A running culvertd and how to reach it. */
export class Gateway {
  readonly name: string;
  readonly namespace: Namespace;
  readonly socket: string;
  readonly pid: number;
  readonly #processes: Processes;
  readonly #directory: string;
  readonly #daemon: Running;

  private constructor(processes: Processes, name: string, namespace: Namespace, directory: string, daemon: Running) {
    this.#processes = processes;
    this.#directory = directory;
    this.#daemon = daemon;
    this.name = name;
    this.namespace = namespace;
    this.socket = socketPath(directory);
    this.pid = daemon.pid;
  }

  /** Start culvertd in `namespace`, with its socket and state in `directory`, and wait until it answers. */
  static async start(processes: Processes, name: string, namespace: Namespace, directory: string): Promise<Gateway> {
    const stateDirectory = join(directory, 'state');
    mkdirSync(stateDirectory, { recursive: true, mode: 0o700 });
    const command = culvertdCommand(socketPath(directory), stateDirectory);
    const daemon = namespace.start(command);
    await untilListening(socketPath(directory), daemon, command);
    return new Gateway(processes, name, namespace, directory, daemon);
  }

  /** Run `culvert …` against this gateway and give what it printed. @throws CommandFailed when its status is not 0. */
  async culvert(...args: string[]): Promise<string> {
    const { stdout } = await this.#processes.run([process.execPath, culvertPath, '--socket', this.socket, ...args]);
    return stdout;
  }

  /** Run setkey text from a file that only its owner can read. */
  async setkey(text: string): Promise<void> {
    const path = this.setkeyFile;
    writeFileSync(path, text, { mode: ownerOnly });
    await this.culvert('setkey', '-f', path);
  }

  /** Where `setkey` puts its text. */
  get setkeyFile(): string {
    return join(this.#directory, 'setkey.conf');
  }

  /** What culvertd has logged so far. */
  get log(): string {
    const { stdout, stderr } = this.#daemon.said();
    return `${stdout}${stderr}`;
  }

  /** Whether culvertd still runs. */
  get isRunning(): boolean {
    return this.#daemon.said().status === -1;
  }

  /** Stop culvertd as an administrator would, and give what it left. */
  stop(): Promise<Output> {
    return this.#daemon.stop('SIGTERM', 10_000);
  }
}

function culvertdCommand(socket: string, stateDirectory: string): Command {
  return [process.execPath, culvertdPath, '--socket', socket, '--state-dir', stateDirectory];
}

function socketPath(directory: string): string {
  return join(directory, 'control.sock');
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
