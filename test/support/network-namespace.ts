/**
 * Network namespaces for tests: named after this process, so that tests at the same time do not meet, and removed
 * with everything in them. Needs root; a test asks `missingForNamespaces` first and skips with its answer.
 * @module
 */
import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';

/** A network namespace of this test process. */
export class NetworkNamespace {
  readonly name: string;

  /** Make it, with loopback up. `suffix` tells the namespaces of one process apart. */
  constructor(suffix: string) {
    this.name = `culvert-test-${process.pid}-${suffix}`;
    execFileSync('ip', ['netns', 'add', this.name]);
    this.ip('link set lo up');
  }

  /** Run ip(8) in it with blank-separated arguments. Throws when ip refuses. */
  ip(args: string): string {
    return execFileSync('ip', ['-n', this.name, ...args.split(' ')], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  /** Run a program in it to its end. */
  run(command: string, ...args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
    const { status, stdout, stderr } = spawnSync('ip', ['netns', 'exec', this.name, command, ...args], {
      encoding: 'utf8',
      timeout: 30_000,
    });
    return { status, stdout, stderr };
  }

  /** Run an ES module given as text in it; it prints one JSON value, which is the result. */
  evaluate(script: string): unknown {
    const { status, stdout, stderr } = this.run(process.execPath, '--input-type=module', '-e', script);
    if (status !== 0) throw new Error(`a script in ${this.name} ended with status ${status}: ${stderr}`);
    return JSON.parse(stdout);
  }

  /** Start a program in it. `ip netns exec` becomes the program, so the child's pid is the program's. */
  start(command: string, ...args: readonly string[]): ChildProcess {
    return spawn('ip', ['netns', 'exec', this.name, command, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  }

  /** Names of its network devices but loopback. */
  devices(): readonly string[] {
    const rows: unknown = JSON.parse(this.ip('-json link show'));
    const names = Array.isArray(rows) ? rows.map((row: { readonly ifname: string }) => row.ifname) : [];
    return names.filter((name) => name !== 'lo');
  }

  /** Remove it. Programs started in it must have ended. */
  remove(): void {
    execFileSync('ip', ['netns', 'delete', this.name]);
  }
}

/** Join two namespaces by a veth pair; each end gets the name and the addresses (with prefix length) given. */
export function joinByVeth(
  left: { readonly namespace: NetworkNamespace; readonly device: string; readonly addresses: readonly string[] },
  right: { readonly namespace: NetworkNamespace; readonly device: string; readonly addresses: readonly string[] },
): void {
  left.namespace.ip(`link add ${left.device} type veth peer name ${right.device} netns ${right.namespace.name}`);
  for (const { namespace, device, addresses } of [left, right]) {
    for (const address of addresses) {
      namespace.ip(`address add ${address} dev ${device}${address.includes(':') ? ' nodad' : ''}`);
    }
    namespace.ip(`link set ${device} up`);
  }
}
