/**
 * The scapy process in the peer's namespace: gets each suite's associations, and says what it did with every packet.
 * @module
 */
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createInterface } from 'node:readline';
import { encryptionRow } from '#core/crypto/algorithms.ts';
import { tunnels, type InteropAssociation } from '#test/interop/gateway.ts';
import type { NetworkNamespace } from '#test/support/network-namespace.ts';
import { scapyEncryption, scapyIntegrity } from './algorithm-names.ts';

/** Debian's own Python: python3-scapy is for no other. */
const python = '/usr/bin/python3';
const script = fileURLToPath(new URL('peer.py', import.meta.url));
const patienceMs = 30_000;

/** A line of the peer's. */
export type PeerLine = { readonly kind: string; readonly tunnel?: string; readonly error?: string };

/** A running peer. */
export class ScapyPeer {
  readonly #child: ChildProcess;
  readonly #exited: Promise<void>;
  #errors = '';
  #lines: PeerLine[] = [];
  #wake: () => void = () => {};

  private constructor(namespace: NetworkNamespace) {
    // -B: no __pycache__ in the source tree
    this.#child = namespace.start(python, '-B', script);
    this.#exited = new Promise((resolve) => this.#child.once('close', () => resolve()));
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.#errors += text));
    if (this.#child.stdout !== null) {
      createInterface({ input: this.#child.stdout }).on('line', (line) => {
        this.#lines.push(JSON.parse(line) as PeerLine);
        this.#wake();
      });
    }
  }

  /** Start it and wait until its sockets are open. */
  static async start(namespace: NetworkNamespace): Promise<ScapyPeer> {
    const peer = new ScapyPeer(namespace);
    peer.#write(tunnels);
    await peer.#until('ready');
    return peer;
  }

  /** Give every tunnel these associations. */
  async install(associations: readonly InteropAssociation[]): Promise<void> {
    const [first] = associations;
    if (first === undefined) return;
    const { suite, hasEsn } = first;
    this.#lines = [];
    this.#write({
      suite: {
        encryption: scapyEncryption[suite.encryption],
        encryptionKey: suite.encryptionKey,
        encryptionIcvBytes: encryptionRow(suite.encryption).icvBytes,
        integrity: suite.integrity === null ? null : scapyIntegrity[suite.integrity],
        integrityKey: suite.integrityKey,
        hasEsn,
      },
      tunnels: associations.map(({ tunnel, spiIn, spiOut }) => ({ name: tunnel.name, spiIn, spiOut })),
    });
    await this.#until('installed');
  }

  /** What it said since the last `install`. */
  get lines(): readonly PeerLine[] {
    return this.#lines;
  }

  /** End it. */
  async stop(): Promise<void> {
    this.#child.stdin?.end();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 3000);
    await this.#exited;
    clearTimeout(timer);
  }

  #write(message: unknown): void {
    this.#child.stdin?.write(`${JSON.stringify(message)}\n`);
  }

  async #until(kind: string): Promise<void> {
    const deadline = performance.now() + patienceMs;
    while (!this.#lines.some((line) => line.kind === kind)) {
      if (this.#child.exitCode !== null || performance.now() > deadline) {
        throw new Error(`scapy's peer did not say "${kind}": ${this.#errors}`);
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 500);
        this.#wake = () => (clearTimeout(timer), resolve());
      });
    }
  }
}
