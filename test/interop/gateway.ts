/**
 * The gateway under test: a culvertd in a namespace with four tunnels to a second namespace, where the independent peer
 * sits: over IPv4 and over IPv6, plain and in UDP. Suites follow one another as associations of the same tunnels.
 * @module
 */
import assert from 'node:assert/strict';
import { natTPort } from '#core/esp/udp-encapsulation.ts';
import { Culvertd } from '#test/support/culvertd.ts';
import { joinByVeth, NetworkNamespace } from '#test/support/network-namespace.ts';
import { suiteWords, type InteropSuite } from './suites.ts';

/** One tunnel, with what the peer needs to know of it. */
export type InteropTunnel = {
  readonly name: string;
  readonly title: string;
  readonly outerFamily: 4 | 6;
  readonly isNatT: boolean;
  readonly local: string;
  readonly peer: string;
  /** Inner addresses: each tunnel carries the version that makes a new pair with its outer one. */
  readonly innerFamily: 4 | 6;
  readonly innerLocal: string;
  readonly innerPeer: string;
};

/** The two associations of one tunnel under one suite. */
export type InteropAssociation = {
  readonly tunnel: InteropTunnel;
  readonly suite: InteropSuite;
  readonly hasEsn: boolean;
  readonly spiOut: number;
  readonly spiIn: number;
};

const firstSpi = 0x1_0000;

/** All four. */
export const tunnels: readonly InteropTunnel[] = [
  {
    ...{ name: 'ipsec0', title: 'ESP over IPv4', outerFamily: 4, isNatT: false, local: '192.0.2.1', peer: '192.0.2.2' },
    ...{ innerFamily: 6, innerLocal: 'fd00:10::1', innerPeer: 'fd00:10::2' },
  },
  {
    ...{ name: 'ipsec1', title: 'ESP over IPv6', outerFamily: 6, isNatT: false },
    ...{ local: '2001:db8::1', peer: '2001:db8::2' },
    ...{ innerFamily: 4, innerLocal: '172.16.11.1', innerPeer: '172.16.11.2' },
  },
  {
    ...{ name: 'ipsec2', title: 'UDP over IPv4', outerFamily: 4, isNatT: true, local: '192.0.2.1', peer: '192.0.2.3' },
    ...{ innerFamily: 4, innerLocal: '172.16.12.1', innerPeer: '172.16.12.2' },
  },
  {
    ...{ name: 'ipsec3', title: 'UDP over IPv6', outerFamily: 6, isNatT: true },
    ...{ local: '2001:db8::1', peer: '2001:db8::3' },
    ...{ innerFamily: 6, innerLocal: 'fd00:13::1', innerPeer: 'fd00:13::2' },
  },
];

/** Both namespaces and the culvertd. `close` leaves nothing behind. */
export class InteropGateway {
  readonly namespace: NetworkNamespace;
  readonly peerNamespace: NetworkNamespace;
  readonly #cleanups: (() => unknown)[] = [];
  #culvertd: Culvertd | null = null;
  #reqids: ReadonlyMap<string, number> = new Map();
  #nextSpi = firstSpi;

  private constructor() {
    const makeNamespace = (suffix: string): NetworkNamespace => {
      const namespace = new NetworkNamespace(suffix);
      this.#cleanups.unshift(() => namespace.remove());
      return namespace;
    };
    this.namespace = makeNamespace('gateway');
    this.peerNamespace = makeNamespace('peer');
  }

  /** Make it, with all four tunnels and no association. */
  static async open(): Promise<InteropGateway> {
    const gateway = new InteropGateway();
    try {
      await gateway.#start();
      return gateway;
    } catch (error) {
      await gateway.close();
      throw error;
    }
  }

  get culvertd(): Culvertd {
    assert.ok(this.#culvertd !== null);
    return this.#culvertd;
  }

  /** Give every tunnel fresh associations of this suite, in place of all others. */
  async install(suite: InteropSuite, hasEsn: boolean): Promise<readonly InteropAssociation[]> {
    const associations = tunnels.map((tunnel) => {
      this.#nextSpi += 2;
      return { tunnel, suite, hasEsn, spiOut: this.#nextSpi, spiIn: this.#nextSpi + 1 };
    });
    const statements = ['flush;', ...associations.flatMap((association) => this.#statements(association))];
    const { errors } = await this.culvertd.ask('setkey.run', { text: statements.join('\n'), semantics: 'statements' });
    assert.deepEqual(errors, [], suite.name);
    return associations;
  }

  /** Undo `open`, in full even where it failed half-way. */
  async close(): Promise<void> {
    for (const cleanup of this.#cleanups.splice(0)) await cleanup();
  }

  async #start(): Promise<void> {
    joinByVeth(
      { namespace: this.namespace, device: 'wan0', addresses: ['192.0.2.1/24', '2001:db8::1/64'] },
      {
        namespace: this.peerNamespace,
        device: 'wan0',
        addresses: ['192.0.2.2/24', '192.0.2.3/24', '2001:db8::2/64', '2001:db8::3/64'],
      },
    );
    const culvertd = await Culvertd.start(this.namespace, '--allow-weak');
    this.#culvertd = culvertd;
    this.#cleanups.unshift(() => culvertd.dispose());
    for (const tunnel of tunnels) await this.#addTunnel(culvertd, tunnel);
    const { policies } = await culvertd.ask('status.get', {});
    this.#reqids = new Map(
      policies.map(({ source, destination, upperProtocol, requests }) => [
        `${source.split('/')[0]} ${destination.split('/')[0]} ${upperProtocol}`,
        requests[0]?.reqid ?? 0,
      ]),
    );
  }

  async #addTunnel(culvertd: Culvertd, tunnel: InteropTunnel): Promise<void> {
    const { name, isNatT, local, peer, innerFamily, innerLocal, innerPeer } = tunnel;
    const port = isNatT ? natTPort : 0;
    await culvertd.ask('interface.create', { name });
    if (isNatT) await culvertd.ask('interface.setFlags', { name, link0: true });
    await culvertd.ask('interface.setTunnel', { name, local, peer, localPort: port, peerPort: port });
    const prefixLength = innerFamily === 4 ? 32 : 128;
    await culvertd.ask('interface.addAddress', { name, address: innerLocal, prefixLength, peer: innerPeer });
  }

  #statements({ tunnel, suite, hasEsn, spiOut, spiIn }: InteropAssociation): readonly string[] {
    const { local, peer, isNatT, innerFamily } = tunnel;
    const add = (from: string, to: string, spi: number): string => {
      const reqid = this.#reqids.get(`${from} ${to} ${innerFamily === 4 ? 4 : 41}`) ?? 0;
      const port = isNatT ? ` [${natTPort}]` : '';
      const options = `-m transport -r 8${reqid === 0 ? '' : ` -u ${reqid}`}${hasEsn ? ' -esn' : ''}`;
      return `add ${from}${port} ${to}${port} ${isNatT ? 'esp-udp' : 'esp'} ${spi} ${options} ${suiteWords(suite)};`;
    };
    return [add(local, peer, spiOut), add(peer, local, spiIn)];
  }
}
