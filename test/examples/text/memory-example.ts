/**
 * An example over the in-process network: a gateway for each machine on one wire, with the NAT where the example has
 * one. Its commands are those of `up.sh`, carried out by the code of `culvert` against the gateway's control socket.
 * @module
 */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dispatch } from '#core/api/dispatch.ts';
import { silentLog } from '#core/base/port.ts';
import { runCulvert } from '#core/cli/program.ts';
import { PortableTransform } from '#core/crypto/portable-transform.ts';
import { openControlSocket } from '#core/helper/control-socket.ts';
import { ApiServer } from '#core/helper/server.ts';
import { VirtualClock } from '#core/host/memory/clock.ts';
import { Host } from '#core/host/memory/host.ts';
import { Link } from '#core/host/memory/link.ts';
import { MemoryHost } from '#core/host/memory/memory-host.ts';
import { Nat } from '#core/host/memory/nat.ts';
import { SeededRandom } from '#core/host/memory/seeded-random.ts';
import { VolatileIvStore } from '#core/host/memory/volatile-iv-store.ts';
import { parseIpAddress, type IpAddress } from '#core/ip/address.ts';
import { parsePrefix, prefixParts } from '#core/ip/prefix.ts';
import { Gateway } from '#core/tunnel/gateway.ts';
import { fakeTerminal } from '#test/core/cli/fake-helper.ts';
import { machinePath, upCommands, type ExampleMachine, type ExamplePing, type TextExample } from './text-example.ts';

type Machine = { readonly host: Host; readonly socket: string };

/** One example, built. */
export class MemoryExample {
  /** Where a capture sees everything that is not on the inside of the NAT. */
  readonly wire: Link;
  readonly #example: TextExample;
  readonly #clock = new VirtualClock();
  readonly #random = new SeededRandom(4);
  readonly #inside: Link;
  readonly #directory = mkdtempSync(join(tmpdir(), 'culvert-example-'));
  readonly #machines = new Map<string, Machine>();
  readonly #cleanups: (() => unknown)[] = [];

  private constructor(example: TextExample) {
    this.#example = example;
    this.wire = new Link(this.#clock, this.#random);
    this.#inside = new Link(this.#clock, this.#random);
  }

  /** Build the machines; nothing is configured yet. */
  static async open(example: TextExample): Promise<MemoryExample> {
    const built = new MemoryExample(example);
    built.#addNat();
    for (const machine of example.machines) await built.#addMachine(machine);
    return built;
  }

  /** Run a machine's `up.sh`. */
  async up(name: string): Promise<void> {
    const folder = machinePath(this.#example, name);
    for (const words of upCommands(folder)) {
      const { status, errors } = await this.culvert(name, words);
      assert.equal(status, 0, `${name}: culvert ${words.join(' ')}: ${errors}`);
    }
  }

  /** Run `culvert` with these words on a machine, in its folder. */
  async culvert(name: string, words: readonly string[]): Promise<{ status: number; output: string; errors: string }> {
    const folder = machinePath(this.#example, name);
    const readFile = (path: string): Promise<string> => Promise.resolve(readFileSync(join(folder, path), 'utf8'));
    const terminal = Object.assign(fakeTerminal(), { readFile });
    const status = await runCulvert(words, { terminal, version: '', socketPath: this.#machineOf(name).socket });
    return { status, output: terminal.output, errors: terminal.errors };
  }

  /** Ping three times. Gives how many were answered. Gateways then do what they have learnt, such as a peer's new port. */
  async ping({ from, source, to }: ExamplePing): Promise<number> {
    const options = { source: parseIpAddress(source), count: 3 };
    const { received } = this.#machineOf(from).host.ping(parseIpAddress(to), options);
    for (const { name } of this.#example.machines) await this.culvert(name, ['status']);
    return received;
  }

  /** End it; nothing stays. */
  async close(): Promise<void> {
    for (const cleanup of this.#cleanups) await cleanup();
    rmSync(this.#directory, { recursive: true });
  }

  #addNat(): void {
    const { nat } = this.#example;
    if (nat === undefined) return;
    const [insideAddress, outsideAddress] = [addressOf(nat.inside), addressOf(nat.outside)];
    new Nat({ inside: this.#inside, insideAddress, outside: this.wire, outsideAddress });
  }

  async #addMachine(machine: ExampleMachine): Promise<void> {
    const host = new Host(machine.name, this.#clock, true);
    host.connect('wan0', machine.isBehindNat === true ? this.#inside : this.wire);
    host.connect('lan0', new Link(this.#clock, this.#random));
    for (const [device, addresses] of [['wan0', machine.wan] as const, ['lan0', machine.lan] as const]) {
      for (const text of addresses) {
        const { address, length } = prefixParts(parsePrefix(text));
        host.addAddress(device, { address, prefixLength: length, peer: null });
      }
    }
    const { nat } = this.#example;
    if (machine.isBehindNat === true && nat !== undefined) {
      host.addRoute(parsePrefix('0.0.0.0/0'), addressOf(nat.inside));
    }
    this.#machines.set(machine.name, { host, socket: await this.#serve(machine.name, host) });
  }

  async #serve(name: string, host: Host): Promise<string> {
    const transforms = new PortableTransform(this.#random);
    const machine = new MemoryHost(host, transforms, this.#random);
    const ports = { host: machine, datapath: machine, transforms, clock: this.#clock, random: this.#random };
    const options = { helperVersion: 'memory', pid: 1, datapath: 'memory', allowWeak: false } as const;
    const gateway = new Gateway({ ...ports, ivStore: new VolatileIvStore(), log: silentLog, options });
    const socket = await openControlSocket(join(this.#directory, name));
    const caller = { uid: process.getuid?.() ?? 0, pid: process.pid, canOperate: true };
    const server = new ApiServer({
      server: socket.server,
      identify: () => caller,
      answer: (method, params) => dispatch(gateway, method, params, caller),
      clock: this.#clock,
      log: silentLog,
    });
    this.#cleanups.push(
      () => server.close(),
      () => socket.close(),
    );
    return socket.path;
  }

  #machineOf(name: string): Machine {
    const machine = this.#machines.get(name);
    assert.ok(machine !== undefined, `the example has no machine ${name}`);
    return machine;
  }
}

function addressOf(prefix: string): IpAddress {
  return prefixParts(parsePrefix(prefix)).address;
}
