/**
 * Network namespaces of one run (ip-netns(8)): made under names that hold the maker's process id, and swept when
 * that process is dead and could not remove them itself.
 * @module
 */
import { existsSync, readdirSync } from 'node:fs';
import type { Command, Output, Processes, Running, RunOptions } from './process.ts';

/** One network namespace. */
export class Namespace {
  readonly name: string;
  readonly #processes: Processes;

  /** For an existing namespace; `createNamespace` makes one. */
  constructor(processes: Processes, name: string) {
    this.#processes = processes;
    this.name = name;
  }

  /** Run a command inside, to its end. */
  run(command: Command, options: RunOptions = {}): Promise<Output> {
    return this.#processes.run(this.inside(command), options);
  }

  /** Start a program inside. `ip netns exec` becomes the program, so the process id is the program's. */
  start(command: Command): Running {
    return this.#processes.start(this.inside(command));
  }

  /** The command that runs `command` inside. */
  inside(command: Command): Command {
    return ['ip', 'netns', 'exec', this.name, ...command];
  }

  /** Several ip(8) commands, one a line, stopping at the first that fails. */
  async configure(lines: readonly string[]): Promise<void> {
    await this.#processes.run(['ip', '-netns', this.name, '-batch', '-'], { input: `${lines.join('\n')}\n` });
  }

  /** Set kernel variables, given as paths under /proc/sys. */
  async setVariables(variables: Readonly<Record<string, string>>): Promise<void> {
    const lines = Object.entries(variables).map(([path, value]) => `echo ${value} > /proc/sys/${path}`);
    await this.run(['sh', '-eu'], { input: `${lines.join('\n')}\n` });
  }
}

/** Name of a namespace of this process: `culvert-PID-SUFFIX`. */
export function namespaceName(suffix: string, pid: number = process.pid): string {
  return `culvert-${pid}-${suffix}`;
}

/** Make a namespace with its loopback up and IPv6 addresses that are usable at once. */
export async function createNamespace(processes: Processes, name: string): Promise<Namespace> {
  await processes.run(['ip', 'netns', 'add', name]);
  const namespace = new Namespace(processes, name);
  await namespace.setVariables({
    'net/ipv6/conf/all/disable_ipv6': '0',
    'net/ipv6/conf/default/disable_ipv6': '0',
    'net/ipv6/conf/default/accept_dad': '0',
    'net/ipv6/conf/default/accept_ra': '0',
  });
  await namespace.configure(['link set lo up']);
  return namespace;
}

/** Remove a namespace and end what still runs in it. Nothing happens when there is none. */
export async function removeNamespace(processes: Processes, name: string): Promise<void> {
  if (!existsSync(`/run/netns/${name}`)) return;
  const { stdout } = await processes.run(['ip', 'netns', 'pids', name], { mayFail: true });
  for (const pid of stdout.split('\n').filter((line) => line !== '')) end(Number(pid));
  await processes.run(['ip', 'netns', 'delete', name], { mayFail: true });
}

/** Names of namespaces of `suffixes` whose maker is dead. */
export function staleNamespaces(suffixes: readonly string[], names: readonly string[] = existingNames()): string[] {
  return names.filter((name) => {
    const match = /^culvert-(\d+)-(.+)$/.exec(name);
    return match !== null && suffixes.includes(match[2] ?? '') && !existsSync(`/proc/${match[1]}`);
  });
}

function existingNames(): string[] {
  return existsSync('/run/netns') ? readdirSync('/run/netns') : [];
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself meanwhile.
  }
}
