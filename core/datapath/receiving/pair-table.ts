/**
 * Interfaces by their pair of outer addresses, from snapshot to snapshot: only the groups whose interfaces have changed are
 * made anew, so that a change to one of a thousand interfaces costs that one and a walk over the list.
 * @module
 */
import { readU32 } from '#core/base/bytes.ts';
import type { SnapshotInterface } from '#core/datapath/snapshot.ts';
import { InterfaceGroup, type InboundInterface } from './interface-group.ts';

/** The table of one inbound loop. */
export class PairTable {
  #rows: readonly SnapshotInterface[] = [];
  readonly #groups = new Map<string, InterfaceGroup>();

  /** The group of a pair, which may have no members yet. The same for as long as `retain` keeps it. */
  groupOf(family: 4 | 6, local: Uint8Array, peer: Uint8Array): InterfaceGroup {
    return this.#group(pairKey(family, local, peer));
  }

  /** Have the interfaces of this list, of which the newest is last. */
  update(rows: readonly SnapshotInterface[]): void {
    const dirty = new Map<string, InboundInterface[]>();
    for (let index = 0; index < Math.max(rows.length, this.#rows.length); index++) {
      const [before, after] = [this.#rows[index], rows[index]];
      if (before === after) continue;
      for (const row of [before, after]) if (row !== undefined && row.outer !== null) dirty.set(keyOf(row.outer), []);
    }
    this.#rows = rows;
    if (dirty.size === 0) return;
    for (const row of rows.toReversed()) {
      if (row.outer !== null) dirty.get(keyOf(row.outer))?.push({ row, outer: row.outer });
    }
    for (const [key, members] of dirty) this.#group(key).replace(members);
  }

  /** Forget groups without members but these, which associations hold. */
  retain(held: ReadonlySet<InterfaceGroup>): void {
    for (const [key, group] of this.#groups) {
      if (group.members.length === 0 && !held.has(group)) this.#groups.delete(key);
    }
  }

  #group(key: string): InterfaceGroup {
    const group = this.#groups.get(key) ?? new InterfaceGroup();
    this.#groups.set(key, group);
    return group;
  }
}

function keyOf({ family, local, peer }: InboundInterface['outer']): string {
  return pairKey(family, local, peer);
}

function pairKey(family: 4 | 6, local: Uint8Array, peer: Uint8Array): string {
  return family === 4 ? `${readU32(local, 0)} ${readU32(peer, 0)}` : `${addressWords(local)} ${addressWords(peer)}`;
}

function addressWords(address: Uint8Array): string {
  return `${readU32(address, 0)}.${readU32(address, 4)}.${readU32(address, 8)}.${readU32(address, 12)}`;
}
