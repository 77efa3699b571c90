/**
 * Interfaces by their pair of outer addresses, from snapshot to snapshot: only the groups whose interfaces have changed are
 * made anew, so that a change to one of a thousand interfaces costs that one and a walk over the list.
 * @module
 */
import { readU32 } from '#core/base/bytes.ts';
import type { SnapshotInterface, SnapshotOuter } from '#core/datapath/snapshot.ts';
import { InterfaceGroup, type InboundInterface } from './interface-group.ts';

/** The table of one inbound loop. */
export class PairTable {
  #rows: readonly SnapshotInterface[] = [];
  readonly #groups = new Map<string, InterfaceGroup>();
  /** Groups that were asked for before, by the object that names the pair: a snapshot repeats most of them. */
  #known = new WeakMap<SnapshotOuter, InterfaceGroup>();
  /** The bytes of each local address, once. */
  readonly #locals = new Map<string, Uint8Array>();

  /** The group of a pair, which may have no members yet. The same for as long as `retain` keeps it. */
  groupOf(family: 4 | 6, local: Uint8Array, peer: Uint8Array): InterfaceGroup {
    const key = pairKey(family, local, peer);
    const group = this.#groups.get(key) ?? new InterfaceGroup(family, this.#sharedLocal(local), peer);
    this.#groups.set(key, group);
    return group;
  }

  /** Have the interfaces of this list, of which the newest is last. */
  update(rows: readonly SnapshotInterface[]): void {
    const dirty = new Map<InterfaceGroup, InboundInterface[]>();
    for (let index = 0; index < Math.max(rows.length, this.#rows.length); index++) {
      const [before, after] = [this.#rows[index], rows[index]];
      if (before === after) continue;
      for (const outer of [before?.outer, after?.outer]) if (outer) dirty.set(this.#groupFor(outer), []);
    }
    this.#rows = rows;
    if (dirty.size === 0) return;
    for (const row of rows.toReversed()) {
      const { outer } = row;
      if (outer !== null) dirty.get(this.#groupFor(outer))?.push({ row, outer });
    }
    for (const [group, members] of dirty) group.replace(members);
  }

  /** Forget groups without members but these, which associations hold. */
  retain(held: ReadonlySet<InterfaceGroup>): void {
    for (const [key, group] of this.#groups) {
      if (group.members.length === 0 && !held.has(group)) this.#groups.delete(key);
    }
    this.#known = new WeakMap();
    this.#locals.clear();
    for (const { local } of this.#groups.values()) this.#locals.set(addressWords(local), local);
  }

  #groupFor(outer: SnapshotOuter): InterfaceGroup {
    const group = this.#known.get(outer) ?? this.groupOf(outer.family, outer.local, outer.peer);
    this.#known.set(outer, group);
    return group;
  }

  #sharedLocal(local: Uint8Array): Uint8Array {
    const key = addressWords(local);
    const shared = this.#locals.get(key) ?? local;
    this.#locals.set(key, shared);
    return shared;
  }
}

function pairKey(family: 4 | 6, local: Uint8Array, peer: Uint8Array): string {
  return family === 4 ? `${readU32(local, 0)} ${readU32(peer, 0)}` : `${addressWords(local)} ${addressWords(peer)}`;
}

function addressWords(address: Uint8Array): string {
  return `${readU32(address, 0)}.${readU32(address, 4)}.${readU32(address, 8)}.${readU32(address, 12)}`;
}
