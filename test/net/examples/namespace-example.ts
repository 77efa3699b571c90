/**
 * An example in network namespaces: one for each machine with a culvertd in it, one for each network that they share, and
 * one for the NAT, which is the kernel's. `up.sh` runs as it is, with `culvert` in its path.
 * @module
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  machinePath,
  type ExampleMachine,
  type ExamplePing,
  type TextExample,
} from '#test/examples/text/text-example.ts';
import { Culvertd } from '#test/support/culvertd.ts';
import { joinByVeth, NetworkNamespace } from '#test/support/network-namespace.ts';

const culvertPath = fileURLToPath(new URL('../../../core/cli/main.ts', import.meta.url));
const ownerRuns = 0o700;

/** What is missing for the kernel's NAT; null when all is there. */
export function missingForNat(): string | null {
  return existsSync('/usr/sbin/nft') ? null : 'nft (npm test installs nftables)';
}

type Machine = { readonly namespace: NetworkNamespace; readonly culvertd: Culvertd };

/** One example, built. */
export class NamespaceExample {
  readonly #example: TextExample;
  readonly #directory = mkdtempSync(join(tmpdir(), 'culvert-example-'));
  readonly #machines = new Map<string, Machine>();
  readonly #cleanups: (() => unknown)[] = [];

  private constructor(example: TextExample) {
    this.#example = example;
    this.#cleanups.push(() => rmSync(this.#directory, { recursive: true }));
    const script = `#!/bin/sh\nexec ${process.execPath} ${culvertPath} "$@"\n`;
    writeFileSync(join(this.#directory, 'culvert'), script, { mode: ownerRuns });
  }

  /** Build the machines and start a culvertd in each; nothing is configured yet. Nothing stays when it fails. */
  static async open(example: TextExample): Promise<NamespaceExample> {
    const built = new NamespaceExample(example);
    try {
      await built.#build();
      return built;
    } catch (error) {
      await built.close();
      throw error;
    }
  }

  /** Run the `up.sh` of every machine, all at once. */
  async up(): Promise<void> {
    await Promise.all(Array.from(this.#machines.keys(), (name) => this.#upOne(name)));
  }

  /** Ping three times. Gives how many were answered. */
  ping({ from, source, to }: ExamplePing): number {
    const words = ['-n', '-c', '3', '-i', '0.1', '-W', '2', '-I', source, to];
    const { stdout } = this.#machineOf(from).namespace.run('ping', ...words);
    return Number(/(\d+) received/.exec(stdout)?.[1] ?? 0);
  }

  /** States of all tunnels, by machine and interface. */
  async states(): Promise<string[]> {
    const states: string[] = [];
    for (const [name, { culvertd }] of this.#machines) {
      const { interfaces } = await culvertd.ask('status.get', {});
      states.push(...interfaces.map((row) => `${name} ${row.name} ${row.state}`));
    }
    return states;
  }

  /** What the helpers logged. */
  log(): string {
    return [...this.#machines].map(([name, { culvertd }]) => `${name}:\n${culvertd.log}`).join('');
  }

  /** End it; nothing stays. */
  async close(): Promise<void> {
    for (const cleanup of this.#cleanups.toReversed()) await cleanup();
  }

  async #build(): Promise<void> {
    const { machines, nat } = this.#example;
    const outside = this.#makeSwitch('outside');
    const inside = nat === undefined ? outside : this.#makeSwitch('inside');
    if (nat !== undefined) this.#makeNat(nat, inside, outside);
    const started = machines.map(async (machine) => {
      const namespace = this.#makeMachine(machine, machine.isBehindNat === true ? inside : outside);
      const culvertd = await Culvertd.start(namespace);
      this.#cleanups.push(() => culvertd.dispose());
      this.#machines.set(machine.name, { namespace, culvertd });
    });
    await Promise.all(started);
  }

  async #upOne(name: string): Promise<void> {
    const { namespace, culvertd } = this.#machineOf(name);
    const path = `PATH=${this.#directory}:${process.env['PATH'] ?? ''}`;
    // A culvert for each line: what the first has compiled serves the others.
    const cache = `NODE_COMPILE_CACHE=${join(this.#directory, 'cache')}`;
    const script = join(machinePath(this.#example, name), 'up.sh');
    const child = namespace.start('env', path, cache, `CULVERT_SOCKET=${culvertd.socket}`, script);
    let story = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text) => (story += text));
    const [status] = await once(child, 'close');
    assert.equal(status, 0, `${name}: ${story}${culvertd.log}`);
  }

  #makeNamespace(suffix: string): NetworkNamespace {
    const namespace = new NetworkNamespace(suffix);
    this.#cleanups.push(() => namespace.remove());
    return namespace;
  }

  #makeSwitch(name: string): NetworkNamespace {
    const namespace = this.#makeNamespace(name);
    namespace.ip('link add bridge0 type bridge');
    namespace.ip('link set bridge0 up');
    return namespace;
  }

  #makeMachine({ name, wan, lan, isBehindNat }: ExampleMachine, network: NetworkNamespace): NetworkNamespace {
    const namespace = this.#makeNamespace(name);
    plugIn(namespace, 'wan0', wan, network, name);
    for (const address of lan) namespace.ip(`address add ${address} dev lo${address.includes(':') ? ' nodad' : ''}`);
    const { nat } = this.#example;
    if (isBehindNat === true) namespace.ip(`route add default via ${nat?.inside.split('/')[0] ?? ''}`);
    for (const name of ['net.ipv4.ip_forward', 'net.ipv6.conf.all.forwarding']) setOn(namespace, name);
    return namespace;
  }

  /** It gives out other ports than those inside. */
  #makeNat(nat: NonNullable<TextExample['nat']>, inside: NetworkNamespace, outside: NetworkNamespace): void {
    const namespace = this.#makeNamespace('nat');
    plugIn(namespace, 'wan0', [nat.outside], outside, 'nat');
    plugIn(namespace, 'lan0', [nat.inside], inside, 'nat');
    setOn(namespace, 'net.ipv4.ip_forward');
    const chain = 'type nat hook postrouting priority srcnat;';
    const rule = 'oifname "wan0" meta l4proto udp masquerade to :40000-40099';
    const { status, stderr } = namespace.run('nft', `table ip nat { chain postrouting { ${chain} ${rule}; }; }`);
    assert.equal(status, 0, stderr);
  }

  #machineOf(name: string): Machine {
    const machine = this.#machines.get(name);
    assert.ok(machine !== undefined, `the example has no machine ${name}`);
    return machine;
  }
}

/** Join a machine to a network that many share. */
function plugIn(
  namespace: NetworkNamespace,
  device: string,
  addresses: readonly string[],
  network: NetworkNamespace,
  port: string,
): void {
  joinByVeth({ namespace, device, addresses }, { namespace: network, device: port, addresses: [] });
  network.ip(`link set ${port} master bridge0`);
}

function setOn(namespace: NetworkNamespace, name: string): void {
  const { status, stderr } = namespace.run('sysctl', '-qw', `${name}=1`);
  assert.equal(status, 0, stderr);
}
