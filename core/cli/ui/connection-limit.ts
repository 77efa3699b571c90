/**
 * How many connections a server holds at a time. Anybody on this machine may open some: when there is one too many, the
 * oldest that has not proved to be a window's goes, not the newcomer, so that whoever holds hundreds open, and says nothing
 * or never an end, does not keep the owner out.
 * @module
 */
import type { Server } from 'node:net';
import type { Duplex } from 'node:stream';

/** The connections of one server. */
export class ConnectionLimit {
  readonly #most: number;
  readonly #open = new Set<Duplex>();
  /** In the order in which they came. */
  readonly #strangers = new Set<Duplex>();

  constructor(server: Server, most: number) {
    this.#most = most;
    server.on('connection', (socket) => this.#enter(socket));
  }

  /** Connections that are open. */
  get count(): number {
    return this.#open.size;
  }

  /** It is a window's: it stays, whoever comes. */
  admit(socket: Duplex): void {
    this.#strangers.delete(socket);
  }

  #enter(socket: Duplex): void {
    this.#open.add(socket);
    this.#strangers.add(socket);
    socket.once('close', () => this.#forget(socket));
    if (this.#open.size <= this.#most) return;
    const [oldest] = this.#strangers;
    if (oldest === undefined) return;
    this.#forget(oldest);
    oldest.destroy();
  }

  #forget(socket: Duplex): void {
    this.#open.delete(socket);
    this.#strangers.delete(socket);
  }
}
