/**
 * The security association database (RFC 4301 §4.4.2) with PF_KEY's verbs (RFC 2367 §3.1): add, update, delete, get,
 * dump, flush, getspi, expire. Pure data: no clock, no datapath; what a change means for packets is compiled from it.
 *
 * Associations are immutable records; a change puts another record in their place. A removed association keeps its
 * counter slot and its keys until `releaseSlot`: the datapath may still be using both.
 * @module
 */
import { formatSpi } from '#core/base/spi-text.ts';
import { equalBytes } from '#core/base/bytes.ts';
import { IpsecError } from '#core/base/error.ts';
import { invariant } from '#core/base/invariant.ts';
import type { Random } from '#core/base/port.ts';
import { SlotPool } from '#core/base/slot-pool.ts';
import { UndoJournal, type UndoMark } from '#core/base/undo-journal.ts';
import { KeyMaterial } from '#core/crypto/key-material.ts';
import type { IpAddress } from '#core/ip/address.ts';
import { checkAssociation } from './association-check.ts';
import { AssociationIndex, type OutboundQuery } from './association-index.ts';
import { LarvalIndex, makeLarval, type LarvalAssociation, type LarvalRequest } from './larval-association.ts';
import { hasLimit, nextTimeLimitMs, passedLimit, type LifetimeLimit } from './lifetime.ts';
import type {
  AssociationProtocol,
  AssociationSpec,
  AssociationUsage,
  SecurityAssociation,
} from './security-association.ts';
import type { Spi } from './spi.ts';

/** What names one association in setkey's `get` and `delete`. `esp` and `esp-udp` are one PF_KEY type. */
export type AssociationKey = {
  readonly source: IpAddress;
  readonly destination: IpAddress;
  readonly protocol: AssociationProtocol;
  readonly spi: Spi;
};

/** What `tick` did: PF_KEY's EXPIRE, soft or hard; or `unused`, an association whose soft time ran out before its first packet. */
export type LifetimeEvent = {
  readonly kind: 'soft' | 'hard' | 'unused';
  /** The record after the change: dying after `soft`, dead and no longer in the SAD otherwise. */
  readonly association: SecurityAssociation;
  readonly limit: LifetimeLimit;
};

/** How a SAD is made. */
export type SadOptions = {
  /** How many associations there may be. */
  readonly limit: number;
  /** Accept encryption without integrity (NetBSD's tests use it). */
  readonly allowWeak?: boolean;
};

/** The security association database. */
export class Sad {
  readonly #allowWeak: boolean;
  readonly #limit: number;
  readonly #slots: SlotPool;
  readonly #index = new AssociationIndex();
  readonly #larvals = new LarvalIndex();
  readonly #journal = new UndoJournal();
  readonly #removed = new Map<number, SecurityAssociation>();
  #nextId = 1;
  #version = 0;

  constructor(options: SadOptions) {
    this.#limit = options.limit;
    this.#allowWeak = options.allowWeak ?? false;
    this.#slots = new SlotPool(0, options.limit);
  }

  /** How many associations there are. */
  get size(): number {
    return this.#index.size;
  }

  /** Rises with every change, rolled-back ones included: equal versions mean equal contents. */
  get version(): number {
    return this.#version;
  }

  /**
   * Add a mature association (SADB_ADD). The SAD keeps copies of the keys. Who asked for the SPI may add, too.
   * @throws {IpsecError} `SA_EXISTS` when destination and SPI are taken, `SA_LIMIT`, and what `checkAssociation` throws.
   */
  add(spec: AssociationSpec, now: number, pid: number): SecurityAssociation {
    checkAssociation(spec, this.#allowWeak);
    const larval = this.#larvals.find(spec);
    if (larval !== null && larval.pid === pid && larval.source === spec.source) return this.#mature(larval, spec, now);
    this.#checkFree(spec);
    const added = this.#create(spec, now, pid);
    this.#insert(added);
    this.#record(() => this.#forget(added));
    return added;
  }

  /**
   * Replace what an association says (SADB_UPDATE). With unchanged suite and keys it stays the same association
   * (sequence numbers go on, its age starts again); otherwise a new one takes its place. A larval one becomes mature.
   * @throws {IpsecError} `SA_NOT_FOUND`, `SA_LARVAL_OWNER`, and what `checkAssociation` throws.
   */
  update(spec: AssociationSpec, now: number, pid: number): SecurityAssociation {
    const larval = this.#larvals.find(spec);
    if (larval !== null && larval.source === spec.source) {
      checkAssociation(spec, this.#allowWeak);
      checkOwner(larval, pid);
      return this.#mature(larval, spec, now);
    }
    const old = this.get(spec);
    checkAssociation(spec, this.#allowWeak);
    const updated = isSameSuite(old, spec) ? renew(old, spec, now, pid) : this.#create(spec, now, pid);
    this.#replace(old, updated);
    return updated;
  }

  /** Larval ones go, too. @throws {IpsecError} `SA_NOT_FOUND`. */
  delete(key: AssociationKey): void {
    const larval = this.#larvals.find(key);
    if (larval !== null && larval.source === key.source) this.#removeLarval(larval);
    else this.#remove(this.get(key));
  }

  /** Delete all but larval ones from `source` to `destination` (key.c: key_delete_all); gives how many there were, and none is no error (setkey's deleteall). */
  deleteAll(key: Omit<AssociationKey, 'spi'>): number {
    const matching = [...this.#index.between(key.source, key.destination)];
    for (const association of matching) this.#remove(association);
    return matching.length;
  }

  /** @throws {IpsecError} `SA_NOT_FOUND`. */
  get(key: AssociationKey): SecurityAssociation {
    const found = this.#index.findBySpi(key.destination, key.spi);
    if (found !== null && found.source === key.source) return found;
    const spi = formatSpi(key.spi);
    throw new IpsecError('SA_NOT_FOUND', `no association ${key.source} to ${key.destination} with SPI ${spi}`, {
      field: 'spi',
      spi: key.spi,
    });
  }

  /** The association with this id, or null. */
  find(id: number): SecurityAssociation | null {
    return this.#index.find(id);
  }

  /** Remove all; gives how many there were. `protocol` changes nothing: both names are ESP to PF_KEY. */
  flush(_protocol?: AssociationProtocol): number {
    const all = [...this.#index.all()];
    const larvals = [...this.#larvals.all()];
    for (const association of all) this.#remove(association);
    for (const larval of larvals) this.#removeLarval(larval);
    return all.length + larvals.length;
  }

  /** All in dump order: grouped by addresses, mode and reqid, newest group first, newest first within a group. */
  list(): SecurityAssociation[] {
    return this.#index.list();
  }

  /** All from `source` to `destination` that have these ports (null, or 0 in one: any), in no particular order. */
  between(
    source: IpAddress,
    destination: IpAddress,
    ports: OutboundQuery['ports'] = null,
  ): Iterable<SecurityAssociation> {
    return this.#index.between(source, destination, ports);
  }

  /** A number that is equal as long as nothing between two addresses changes, in this direction. */
  lastChange(source: IpAddress, destination: IpAddress): number {
    return this.#index.lastChange(source, destination);
  }

  /** All, in no particular order. */
  all(): Iterable<SecurityAssociation> {
    return this.#index.all();
  }

  /** The association to send on: mature before dying, then the newest (NetBSD with prefer-old 0); null when none fits. */
  findOutbound(query: OutboundQuery): SecurityAssociation | null {
    return this.#index.findOutbound(query);
  }

  /**
   * Draw an SPI that no association uses, and keep it for `pid` (SADB_GETSPI).
   * @throws {IpsecError} `SA_LIMIT`, and what `makeLarval` throws.
   */
  getSpi(request: LarvalRequest, random: Random, now: number, pid: number): LarvalAssociation {
    if (this.#index.size + this.#larvals.size >= this.#limit) throw this.#full();
    const isUsed = (spi: number): boolean => this.#index.hasSpi(spi) || this.#larvals.hasSpi(spi);
    const larval = makeLarval(request, random, isUsed, { now, pid });
    this.#larvals.insert(larval);
    this.#journal.record(() => this.#larvals.remove(larval));
    return larval;
  }

  /** The larval associations, in no particular order. */
  larvals(): Iterable<LarvalAssociation> {
    return this.#larvals.all();
  }

  /**
   * Apply the lifetimes at `now` (once a second). A hard limit ends an association also without a soft one before
   * it; the soft time limit ends one that was never used (NetBSD's key.c: key_timehandler_sad).
   */
  tick(now: number, usageOf: (slot: number) => AssociationUsage): LifetimeEvent[] {
    const events: LifetimeEvent[] = [];
    for (const larval of this.#larvals.expired(now)) this.#removeLarval(larval);
    for (const association of [...this.#index.all()]) {
      const { soft, hard } = association.lifetimes;
      if (!hasLimit(hard) && !hasLimit(soft)) continue;
      const event = this.#age(association, usageOf(association.slot), now);
      if (event !== null) events.push(event);
    }
    return events;
  }

  /** When `tick` has something to do next, by time alone; infinite for never. What is overdue counts as now. */
  nextTickMs(usageOf: (slot: number) => AssociationUsage): number {
    let next = this.#larvals.nextExpiryMs();
    for (const { lifetimes, state, createdMs, slot } of this.#index.all()) {
      const { soft, hard } = lifetimes;
      if (!hasLimit(hard) && !hasLimit(soft)) continue;
      const { firstUsedMs, bytes, packets } = usageOf(slot);
      const use = { createdMs, firstUsedMs, bytes, packets };
      next = Math.min(next, nextTimeLimitMs(hard, use), state === 'mature' ? nextTimeLimitMs(soft, use) : Infinity);
    }
    return next;
  }

  /** Open a mark to roll back to. */
  mark(): UndoMark {
    return this.#journal.mark();
  }

  /** Take back everything since `mark`. */
  rollback(mark: UndoMark): void {
    this.#journal.rollback(mark);
    this.#version++;
  }

  /** Keep everything since `mark`. */
  commit(mark: UndoMark): void {
    this.#journal.commit(mark);
  }

  /** Associations removed since the last call. Only with no mark open; each still owns its slot and keys. */
  drainRemoved(): SecurityAssociation[] {
    const drained = [...this.#removed.values()];
    this.#removed.clear();
    return drained;
  }

  /** Wipe the keys of a drained association and let its slot be used again: the datapath has forgotten it. */
  releaseSlot(association: SecurityAssociation): void {
    invariant(!this.#removed.has(association.id), 'an association is drained before its slot is released');
    association.encryptionKey.wipe();
    association.integrityKey?.wipe();
    this.#slots.release(association.slot);
  }

  #checkFree(spec: AssociationSpec): void {
    const { destination, spi } = spec;
    if (this.#index.findBySpi(destination, spi) !== null || this.#larvals.find(spec) !== null) {
      const message = `an association to ${destination} with SPI ${formatSpi(spi)} exists`;
      throw new IpsecError('SA_EXISTS', message, { field: 'spi', spi });
    }
  }

  #create(spec: AssociationSpec, now: number, pid: number): SecurityAssociation {
    const slot = this.#slots.take();
    if (slot === null) throw this.#full();
    return {
      ...spec,
      encryptionKey: new KeyMaterial(spec.encryptionKey.reveal()),
      integrityKey: spec.integrityKey === null ? null : new KeyMaterial(spec.integrityKey.reveal()),
      id: this.#nextId++,
      slot,
      state: 'mature',
      createdMs: now,
      pid,
    };
  }

  #mature(larval: LarvalAssociation, spec: AssociationSpec, now: number): SecurityAssociation {
    const added = this.#create(spec, now, larval.pid);
    this.#removeLarval(larval);
    this.#insert(added);
    this.#record(() => this.#forget(added));
    return added;
  }

  /** Larval associations carry no packets: what is compiled from the SAD stays as it is, so its version does, too. */
  #removeLarval(larval: LarvalAssociation): void {
    this.#larvals.remove(larval);
    this.#journal.record(() => this.#larvals.insert(larval));
  }

  #full(): IpsecError {
    return new IpsecError('SA_LIMIT', `there are ${this.#limit} associations already`);
  }

  #age(association: SecurityAssociation, usage: AssociationUsage, now: number): LifetimeEvent | null {
    const { soft, hard } = association.lifetimes;
    const { firstUsedMs, bytes, packets } = usage;
    const use = { createdMs: association.createdMs, firstUsedMs, bytes, packets };
    const hardLimit = passedLimit(hard, use, now);
    if (hardLimit !== null) return this.#end('hard', association, hardLimit);
    if (association.state !== 'mature') return null;
    const softLimit = passedLimit(soft, use, now);
    if (softLimit === null) return null;
    if (softLimit === 'addSeconds' && packets === 0) return this.#end('unused', association, softLimit);
    const dying: SecurityAssociation = { ...association, state: 'dying' };
    this.#replace(association, dying);
    return { kind: 'soft', association: dying, limit: softLimit };
  }

  #end(kind: 'hard' | 'unused', association: SecurityAssociation, limit: LifetimeLimit): LifetimeEvent {
    this.#remove(association);
    return { kind, association: { ...association, state: 'dead' }, limit };
  }

  #insert(association: SecurityAssociation): void {
    this.#index.insert(association);
    this.#removed.delete(association.id);
    this.#version++;
  }

  #remove(association: SecurityAssociation): void {
    this.#index.remove(association);
    this.#removed.set(association.id, association);
    this.#record(() => this.#insert(association));
  }

  #replace(old: SecurityAssociation, successor: SecurityAssociation): void {
    const isSame = old.id === successor.id;
    this.#index.remove(old);
    if (!isSame) this.#removed.set(old.id, old);
    this.#insert(successor);
    this.#record(() => {
      if (isSame) this.#index.remove(successor);
      else this.#forget(successor);
      this.#insert(old);
    });
  }

  /** Undo an addition: nobody keeps the association, so its slot is free at once and its keys are wiped. */
  #forget(association: SecurityAssociation): void {
    this.#index.remove(association);
    association.encryptionKey.wipe();
    association.integrityKey?.wipe();
    this.#slots.release(association.slot);
  }

  #record(undo: () => void): void {
    this.#version++;
    this.#journal.record(undo);
  }
}

/** An association that is being negotiated belongs to who negotiates it (key.c: key_api_update). */
function checkOwner({ pid: owner, spi }: LarvalAssociation, pid: number): void {
  if (owner === pid) return;
  const message = `process ${owner} asked for SPI ${formatSpi(spi)}, not process ${pid}`;
  throw new IpsecError('SA_LARVAL_OWNER', message, { field: 'spi', spi });
}

/** Whether a change of one to the other keeps sequence numbers and IVs: nothing that packets are made with differs. */
export function isSameSuite(old: AssociationSpec, spec: AssociationSpec): boolean {
  return (
    old.encryption === spec.encryption &&
    old.integrity === spec.integrity &&
    old.padding === spec.padding &&
    old.hasEsn === spec.hasEsn &&
    old.replayBytes === spec.replayBytes &&
    isSameKey(old.encryptionKey, spec.encryptionKey) &&
    isSameKey(old.integrityKey, spec.integrityKey)
  );
}

function isSameKey(left: KeyMaterial | null, right: KeyMaterial | null): boolean {
  if (left === null || right === null) return left === right;
  return equalBytes(left.reveal(), right.reveal());
}

/** The same association under another specification; it keeps its own copies of the keys. */
function renew(old: SecurityAssociation, spec: AssociationSpec, now: number, pid: number): SecurityAssociation {
  const { id, slot, encryptionKey, integrityKey } = old;
  return { ...spec, encryptionKey, integrityKey, id, slot, state: 'mature', createdMs: now, pid };
}
