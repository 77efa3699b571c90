/**
 * Snapshots as they cross to the workers: what has changed, and the order of all. A change to one of a thousand
 * interfaces, or to one of ten thousand associations, then costs the threads that one and a list of numbers, not a copy
 * of everything.
 *
 * Rows are told apart by number and compared by identity, for the control plane keeps rows that stay the same
 * (core/tunnel/compile-snapshot.ts). Messages must arrive whole and in order, as those of a thread do.
 * @module
 */
import { invariant } from '#core/base/invariant.ts';
import type { Snapshot, SnapshotAssociation, SnapshotInterface, SnapshotSocket } from '#core/datapath/snapshot.ts';

/** One list of a snapshot. */
type ListDelta<Row> = {
  /** Numbers of all rows, in order. */
  readonly order: Float64Array;
  /** Rows that are new or other than before. */
  readonly changed: readonly Row[];
};

/** What takes a reader from the snapshot before to this one. */
export type SnapshotDelta = Omit<Snapshot, 'interfaces' | 'outbound' | 'inbound' | 'sockets'> & {
  readonly interfaces: ListDelta<SnapshotInterface>;
  readonly outbound: ListDelta<SnapshotAssociation>;
  readonly inbound: ListDelta<SnapshotAssociation>;
  readonly sockets: ListDelta<SnapshotSocket>;
};

const numberOf = {
  interfaces: (row: SnapshotInterface): number => row.slot,
  associations: (row: SnapshotAssociation): number => row.id,
  sockets: (row: SnapshotSocket): number => row.token,
};

/** Makes deltas: remembers what was sent. */
export class DeltaWriter {
  readonly #interfaces = new ListWriter(numberOf.interfaces);
  readonly #outbound = new ListWriter(numberOf.associations);
  readonly #inbound = new ListWriter(numberOf.associations);
  readonly #sockets = new ListWriter(numberOf.sockets);

  /** The delta from the snapshot written before. */
  write(snapshot: Snapshot): SnapshotDelta {
    return {
      ...snapshot,
      interfaces: this.#interfaces.write(snapshot.interfaces),
      outbound: this.#outbound.write(snapshot.outbound),
      inbound: this.#inbound.write(snapshot.inbound),
      sockets: this.#sockets.write(snapshot.sockets),
    };
  }
}

/** Reads deltas: remembers what was received. */
export class DeltaReader {
  readonly #interfaces = new ListReader(numberOf.interfaces);
  readonly #outbound = new ListReader(numberOf.associations);
  readonly #inbound = new ListReader(numberOf.associations);
  readonly #sockets = new ListReader(numberOf.sockets);

  /** The snapshot that a delta leads to. */
  read(delta: SnapshotDelta): Snapshot {
    return {
      ...delta,
      interfaces: this.#interfaces.read(delta.interfaces),
      outbound: this.#outbound.read(delta.outbound),
      inbound: this.#inbound.read(delta.inbound),
      sockets: this.#sockets.read(delta.sockets),
    };
  }
}

class ListWriter<Row> {
  readonly #numberOf: (row: Row) => number;
  #sent = new Map<number, Row>();

  constructor(numberOf: (row: Row) => number) {
    this.#numberOf = numberOf;
  }

  write(rows: readonly Row[]): ListDelta<Row> {
    const sent = new Map<number, Row>();
    const changed: Row[] = [];
    const order = new Float64Array(rows.length);
    for (const [index, row] of rows.entries()) {
      const number = this.#numberOf(row);
      order[index] = number;
      sent.set(number, row);
      if (this.#sent.get(number) !== row) changed.push(row);
    }
    this.#sent = sent;
    return { order, changed };
  }
}

class ListReader<Row> {
  readonly #numberOf: (row: Row) => number;
  #received = new Map<number, Row>();

  constructor(numberOf: (row: Row) => number) {
    this.#numberOf = numberOf;
  }

  read({ order, changed }: ListDelta<Row>): Row[] {
    for (const row of changed) this.#received.set(this.#numberOf(row), row);
    const kept = new Map<number, Row>();
    const rows: Row[] = [];
    for (const number of order) {
      const row = this.#received.get(number);
      invariant(row !== undefined, 'a row is sent before it is named');
      kept.set(number, row);
      rows.push(row);
    }
    this.#received = kept;
    return rows;
  }
}
