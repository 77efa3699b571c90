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
import {
  hasSameRows,
  type Snapshot,
  type SnapshotAssociation,
  type SnapshotInterface,
  type SnapshotSocket,
} from '#core/datapath/snapshot.ts';

/** One list of a snapshot; null when it is as before. */
type ListDelta<Row> = null | {
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
  readonly #sent = new Map<number, Row>();
  #rows: readonly Row[] = [];

  constructor(numberOf: (row: Row) => number) {
    this.#numberOf = numberOf;
  }

  write(rows: readonly Row[]): ListDelta<Row> {
    if (hasSameRows(rows, this.#rows)) return null;
    this.#rows = rows;
    const changed: Row[] = [];
    const order = new Float64Array(rows.length);
    for (let index = 0; index < rows.length; index++) {
      const row = rows[index];
      invariant(row !== undefined, 'the index is in range');
      const number = this.#numberOf(row);
      order[index] = number;
      if (this.#sent.get(number) === row) continue;
      this.#sent.set(number, row);
      changed.push(row);
    }
    forgetOthers(this.#sent, order);
    return { order, changed };
  }
}

class ListReader<Row> {
  readonly #numberOf: (row: Row) => number;
  readonly #received = new Map<number, Row>();
  #rows: readonly Row[] = [];

  constructor(numberOf: (row: Row) => number) {
    this.#numberOf = numberOf;
  }

  read(delta: ListDelta<Row>): readonly Row[] {
    if (delta === null) return this.#rows;
    const { order, changed } = delta;
    for (const row of changed) this.#received.set(this.#numberOf(row), row);
    const rows: Row[] = [];
    for (let index = 0; index < order.length; index++) {
      const row = this.#received.get(order[index]!);
      invariant(row !== undefined, 'a row is sent before it is named');
      rows.push(row);
    }
    forgetOthers(this.#received, order);
    this.#rows = rows;
    return rows;
  }
}

/** Forget the rows that a list no longer has; as a rule there are none. */
function forgetOthers<Row>(rows: Map<number, Row>, order: Float64Array): void {
  if (rows.size === order.length) return;
  const kept = new Set(order);
  for (const number of rows.keys()) if (!kept.has(number)) rows.delete(number);
}
