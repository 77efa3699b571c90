/**
 * The sockets of a gateway: opened before the snapshot that names them, closed after the one that no longer does.
 * A socket that is wanted again before it was closed stays open.
 * @module
 */
import type { Log } from '#core/base/port.ts';
import type { OpenSocket } from './compile-snapshot.ts';
import type { HostPort, SocketSpec } from '#core/tunnel/port/host-port.ts';
import { socketKey } from './interface-plan.ts';
import type { Transaction } from './transaction.ts';

type Entry = OpenSocket & {
  /** First snapshot that does not name it; null while it is in use. */
  retiredVersion: number | null;
};

/** Open sockets by what they are bound to. */
export class SocketSet {
  readonly #host: HostPort;
  readonly #log: Log;
  readonly #entries = new Map<string, Entry>();

  constructor(host: HostPort, log: Log) {
    this.#host = host;
    this.#log = log;
  }

  /** Open what `wanted` names and is not open. @throws {IpsecError} `HOST_*`; the transaction closes what was opened. */
  async open(wanted: ReadonlyMap<string, SocketSpec>, transaction: Transaction): Promise<void> {
    for (const [key, spec] of wanted) {
      if (this.#entries.has(key)) continue;
      const token = await this.#host.openSocket(spec);
      const entry: Entry = { spec, token, retiredVersion: null };
      this.#entries.set(key, entry);
      transaction.onRollback(() => this.#close(key, entry));
    }
  }

  /** From snapshot `version` on exactly `wanted` is in use. */
  use(wanted: ReadonlyMap<string, SocketSpec>, version: number): void {
    for (const [key, entry] of this.#entries) {
      if (wanted.has(key)) entry.retiredVersion = null;
      else entry.retiredVersion ??= version;
    }
  }

  /** Close what no snapshot from `appliedVersion` on names. */
  async collect(appliedVersion: number): Promise<void> {
    for (const [key, entry] of this.#entries) {
      if (entry.retiredVersion !== null && entry.retiredVersion <= appliedVersion) await this.#close(key, entry);
    }
  }

  /** Sockets in use. */
  *inUse(): Iterable<OpenSocket> {
    for (const entry of this.#entries.values()) if (entry.retiredVersion === null) yield entry;
  }

  /** Token of a socket in use; -1 when there is none. */
  tokenOf(spec: SocketSpec): number {
    const entry = this.#entries.get(socketKey(spec));
    return entry === undefined || entry.retiredVersion !== null ? -1 : entry.token;
  }

  /** A failure to close leaves nothing to be done but to say so. */
  async #close(key: string, { token, spec }: Entry): Promise<void> {
    this.#entries.delete(key);
    try {
      await this.#host.closeSocket(token);
    } catch (error) {
      this.#log.error('a socket could not be closed', { socket: socketKey(spec), error });
    }
  }
}
