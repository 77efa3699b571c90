/**
 * What of a snapshot is one worker's, where several share a direction: its queue of each device, its socket of each
 * port, its IVs, and what only one of them is to do.
 *
 * IVs are told apart by their reserved high word (RFC 4106 §3.1, RFC 7634 §2): one that leaves the remainder k when it is
 * divided by the number of workers is worker k's, and nobody else's, whatever snapshots a worker has seen.
 * @module
 */
import type { Snapshot, SnapshotAssociation, SnapshotInterface, SnapshotSocket } from '#core/datapath/snapshot.ts';

/** One of several. */
export type WorkerPlace = { readonly index: number; readonly count: number };

/** The descriptor of worker `index` for the device or socket that a snapshot calls `token`; negative when there is none. */
export type SiblingOf = (token: number, index: number) => number;

/** One worker's share. Rows that a snapshot repeats give rows that are repeated, as compiling wants them. */
export class WorkerShare {
  readonly #place: WorkerPlace;
  readonly #siblingOf: SiblingOf;
  readonly #interfaces = new WeakMap<SnapshotInterface, SnapshotInterface>();
  readonly #associations = new WeakMap<SnapshotAssociation, SnapshotAssociation>();
  readonly #sockets = new WeakMap<SnapshotSocket, SnapshotSocket>();

  constructor(place: WorkerPlace, siblingOf: SiblingOf) {
    this.#place = place;
    this.#siblingOf = siblingOf;
  }

  /** The share of an outbound worker. */
  outbound(snapshot: Snapshot): Snapshot {
    const interfaces = snapshot.interfaces.map((row) => keep(this.#interfaces, row, () => this.#interface(row)));
    const outbound = snapshot.outbound.map((row) => keep(this.#associations, row, () => this.#association(row)));
    return { ...snapshot, interfaces: interfaces.filter(({ tun }) => tun >= 0), outbound };
  }

  /** The share of an inbound worker. */
  inbound(snapshot: Snapshot): Snapshot {
    const sockets = snapshot.sockets.map((row) => keep(this.#sockets, row, () => this.#socket(row)));
    return { ...snapshot, sockets: sockets.filter(({ token }) => token >= 0) };
  }

  /** The first of them sends what time brings. */
  #interface(row: SnapshotInterface): SnapshotInterface {
    const { index } = this.#place;
    if (index === 0) return row;
    return { ...row, tun: this.#siblingOf(row.tun, index), keepalives: false, dummiesPerSecond: 0 };
  }

  #association(row: SnapshotAssociation): SnapshotAssociation {
    const { index, count } = this.#place;
    return { ...row, ivHighs: row.ivHighs.filter((high) => high % count === index) };
  }

  #socket(row: SnapshotSocket): SnapshotSocket {
    return { ...row, token: this.#siblingOf(row.token, this.#place.index) };
  }
}

function keep<Row extends object>(known: WeakMap<Row, Row>, row: Row, make: () => Row): Row {
  const kept = known.get(row) ?? make();
  known.set(row, kept);
  return kept;
}
