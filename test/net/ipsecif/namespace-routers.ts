/**
 * Routers that are network namespaces with a culvertd each, spoken to through the `culvert` program: as a process of its
 * own, or, to save the time of starting hundreds, its code in this process. They are made once; what a case leaves is
 * removed before the next.
 * @module
 */
import { spawn } from 'node:child_process';
import assert from 'node:assert/strict';
import { prefixLength, routerAddresses, type RouterAddresses } from '#test/conformance/ipsecif/addresses.ts';
import type { CommandOutput, Router, RouterPair } from '#test/conformance/ipsecif/router.ts';
import { runCulvert } from '#core/cli/program.ts';
import { fakeTerminal } from '#test/core/cli/fake-helper.ts';
import { Culvertd } from '#test/support/culvertd.ts';
import { joinByVeth, NetworkNamespace } from '#test/support/network-namespace.ts';

/** Both routers; `close` leaves nothing behind. */
export class NamespaceRouters implements RouterPair {
  readonly one: NamespaceRouter;
  readonly two: NamespaceRouter;

  private constructor(one: NamespaceRouter, two: NamespaceRouter) {
    this.one = one;
    this.two = two;
  }

  /** Make namespaces, wire and local networks, and start a culvertd in each. `cleanups` gets how to undo it, last first. */
  static async open(cleanups: (() => unknown)[]): Promise<NamespaceRouters> {
    const makeNamespace = (suffix: string): NetworkNamespace => {
      const namespace = new NetworkNamespace(suffix);
      cleanups.unshift(() => namespace.remove());
      return namespace;
    };
    const sides = [
      { namespace: makeNamespace('router1'), addresses: routerAddresses.one },
      { namespace: makeNamespace('router2'), addresses: routerAddresses.two },
    ] as const;
    const [left, right] = sides.map(({ namespace, addresses }) => {
      addLocalNetwork(namespace, addresses);
      return { namespace, device: wan, addresses: withLengths(addresses.wan) };
    });
    assert.ok(left !== undefined && right !== undefined);
    joinByVeth(left, right);
    const start = async ({ namespace, addresses }: (typeof sides)[number]): Promise<NamespaceRouter> => {
      const culvertd = await Culvertd.start(namespace, '--allow-weak');
      cleanups.unshift(() => culvertd.dispose());
      return new NamespaceRouter(namespace, culvertd, addresses);
    };
    const [one, two] = await Promise.all([start(sides[0]), start(sides[1])]);
    return new NamespaceRouters(one, two);
  }

  /** Undo what a case has configured on both, and say how the next one runs commands. */
  async reset(startsProgram: boolean): Promise<void> {
    await Promise.all([this.one.reset(startsProgram), this.two.reset(startsProgram)]);
  }
}

const wan = 'wan0';
const culvertPath = 'core/cli/main.ts';

/** A namespace and its culvertd. */
export class NamespaceRouter implements Router {
  readonly addresses: RouterAddresses;
  readonly culvertd: Culvertd;
  readonly #namespace: NetworkNamespace;
  #addedAddresses: string[] = [];
  #logStart = 0;
  #startsProgram = true;

  constructor(namespace: NetworkNamespace, culvertd: Culvertd, addresses: RouterAddresses) {
    this.#namespace = namespace;
    this.culvertd = culvertd;
    this.addresses = addresses;
  }

  async culvert(words: readonly string[], input = ''): Promise<CommandOutput> {
    const { socket } = this.culvertd;
    if (this.#startsProgram) return runProgram(process.execPath, [culvertPath, '--socket', socket, ...words], input);
    const terminal = fakeTerminal(input);
    const status = await runCulvert(words, { terminal, version: '', socketPath: socket });
    return { status, stdout: terminal.output, stderr: terminal.errors };
  }

  /** Linux has no gateway that is an own address; its way to say the same is the device. */
  async routeInto(prefix: string, ownAddress: string): Promise<void> {
    this.#namespace.ip(`route add ${prefix} dev ${this.#deviceOf(ownAddress)}`);
  }

  async deviceTowards(destination: string): Promise<string | null> {
    const { stdout } = this.#namespace.run('ip', 'route', 'get', destination);
    return / dev (\S+)/.exec(stdout)?.[1] ?? null;
  }

  async addWanAddress(address: string): Promise<void> {
    const added = withLength(address);
    this.#namespace.ip(`address add ${added} dev ${wan}${address.includes(':') ? ' nodad' : ''}`);
    this.#addedAddresses.push(added);
  }

  async ping(source: string | null, destination: string): Promise<boolean> {
    const from = source === null ? [] : ['-I', source];
    const ping = ['ping', '-n', '-c', '1', '-W', '1', ...from, destination];
    const { status } = await runProgram('ip', ['netns', 'exec', this.#namespace.name, ...ping], '');
    return status === 0;
  }

  /** A line of a worker reaches the log a moment after the packet. */
  async readLog(): Promise<string> {
    await new Promise((resolve) => setTimeout(resolve, 100));
    return this.culvertd.log.slice(this.#logStart);
  }

  /** Remove interfaces, associations and addresses that a case has left. */
  async reset(startsProgram: boolean): Promise<void> {
    this.#startsProgram = startsProgram;
    const { interfaces } = await this.culvertd.ask('status.get', {});
    for (const { name } of interfaces) await this.culvertd.ask('interface.destroy', { name });
    await this.culvertd.ask('association.flush', {});
    for (const address of this.#addedAddresses) this.#namespace.ip(`address delete ${address} dev ${wan}`);
    this.#addedAddresses = [];
    this.#logStart = this.culvertd.log.length;
    assert.deepEqual([...this.#namespace.devices()].sort(), ['lan0', 'lan1', wan]);
  }

  #deviceOf(address: string): string {
    const name = new RegExp(`^\\d+: (\\S+) .*\\b${address.replaceAll('.', '\\.')}\\b`, 'm');
    return name.exec(this.#namespace.ip('-oneline address show'))?.[1] ?? '';
  }
}

/** The local network is a veth pair within the namespace: an address on a device of its own, and nobody else there. */
function addLocalNetwork(namespace: NetworkNamespace, { lan }: RouterAddresses): void {
  namespace.ip('link add lan0 type veth peer name lan1');
  for (const address of withLengths(lan)) {
    namespace.ip(`address add ${address} dev lan0${address.includes(':') ? ' nodad' : ''}`);
  }
  namespace.ip('link set lan0 up');
  namespace.ip('link set lan1 up');
}

function withLengths({ ipv4, ipv6 }: { readonly ipv4: string; readonly ipv6: string }): readonly string[] {
  return [withLength(ipv4), withLength(ipv6)];
}

function withLength(address: string): string {
  return `${address}/${prefixLength[address.includes(':') ? 'ipv6' : 'ipv4']}`;
}

function runProgram(command: string, args: readonly string[], input: string): Promise<CommandOutput> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.once('error', reject).once('close', (status) => resolve({ status, stdout, stderr }));
    // A command that does not read its input may be gone before it gets it.
    child.stdin.on('error', () => {}).end(input);
  });
}
