/**
 * All ipsecif(4) interfaces of one machine over its SPD (if_ipsec.c). Pure data: which interfaces there are, how they
 * are configured, and which policies they own; devices and packets are elsewhere.
 *
 * Where NetBSD deletes the old policies before it adds new ones, and is left without any when that fails, here the new
 * ones are checked first and exchanged in one step: after a refusal everything is as before.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import { UndoJournal, type UndoMark } from '#core/base/undo-journal.ts';
import type { IpAddress } from '#core/ip/address.ts';
import type { SecurityPolicy } from '#core/spd/security-policy.ts';
import type { Spd } from '#core/spd/spd.ts';
import { initialFlags, type InterfaceFlags } from './flags.ts';
import {
  deletionOrder,
  generatePolicies,
  nameGenerated,
  sequentialReqids,
  type GeneratedPolicies,
  type GeneratedReqids,
  type ReqidMode,
} from './generated-policy.ts';
import { checkInnerAddress, type InnerAddress } from './inner-address.ts';
import {
  checkOptions,
  checkSettings,
  initialOptions,
  initialSettings,
  type InterfaceOptions,
  type SystemSettings,
} from './interface-options.ts';
import { parseInterfaceUnit, type Interface } from './interface.ts';
import { checkMtu, defaultMtu } from './mtu.ts';
import { checkOuterPair, hasPorts, isSamePair, pairKey, type OuterPair } from './outer-pair.ts';
import { checkRouteLoop } from './route-loop.ts';

/** See `Ipsecif.#growing`. */
type GrowingList = { readonly list: InnerAddress[]; readonly known: Set<IpAddress> };

/** The interfaces. */
export class Ipsecif {
  readonly #spd: Spd;
  readonly #journal = new UndoJournal();
  readonly #interfaces = new Map<string, Interface>();
  /** Names of the configured interfaces of each outer pair. */
  readonly #byPair = new Map<string, Set<string>>();
  #row: GrowingList | null = null;
  #openMarks = 0;
  #settings: SystemSettings;
  #version = 0;

  /** @throws {IpsecError} `INTERFACE_OPTION` for settings out of range. */
  constructor(spd: Spd, settings: SystemSettings = initialSettings) {
    checkSettings(settings);
    this.#spd = spd;
    this.#settings = settings;
  }

  /** All, in order of creation. */
  list(): Iterable<Interface> {
    return this.#interfaces.values();
  }

  /** How many there are. */
  get size(): number {
    return this.#interfaces.size;
  }

  /** Rises with every change, rolled-back ones included. */
  get version(): number {
    return this.#version;
  }

  /** @throws {IpsecError} `INTERFACE_NAME`, `INTERFACE_NOT_FOUND`. */
  get(name: string): Interface {
    parseInterfaceUnit(name);
    const found = this.#interfaces.get(name);
    if (found !== undefined) return found;
    throw new IpsecError('INTERFACE_NOT_FOUND', `there is no interface ${name}`, { field: 'name' });
  }

  /** @throws {IpsecError} `INTERFACE_NAME`, `INTERFACE_EXISTS`. */
  create(name: string): Interface {
    const unit = parseInterfaceUnit(name);
    if (this.#interfaces.has(name)) {
      throw new IpsecError('INTERFACE_EXISTS', `interface ${name} exists`, { field: 'name' });
    }
    const created: Interface = {
      ...{ name, unit, mtu: defaultMtu, flags: initialFlags, options: initialOptions },
      ...{ outer: null, addresses: [], policies: null },
    };
    this.#put(created);
    return created;
  }

  /** Remove an interface, whatever its state, with its policies. @throws {IpsecError} `INTERFACE_NOT_FOUND`. */
  destroy(name: string): void {
    const old = this.deleteTunnel(name);
    const order = [...this.#interfaces.keys()];
    this.#set(null, old);
    this.#journal.record(() => {
      this.#set(old, null);
      this.#restoreOrder(order);
    });
  }

  /**
   * Set the outer addresses. Checks, in this order: families, usable addresses, ports; same again (nothing happens);
   * pair in use; a way that leads into the tunnel itself; policies in the way.
   * @throws {IpsecError} `ADDRESS_FAMILY_MIXED`, `ADDRESS_UNUSABLE`, `PORT_RANGE`, `TUNNEL_PORT_WITHOUT_NAT_T`,
   * `TUNNEL_PAIR_IN_USE`, `TUNNEL_ROUTE_LOOP`, `POLICY_EXISTS`.
   *
   * `reqids`: those that the policies had before, where a change is taken back.
   */
  setTunnel(name: string, outer: OuterPair, reqids: GeneratedReqids | null = null): Interface {
    const old = this.get(name);
    checkOuterPair(outer);
    this.#checkPorts(outer, old.flags);
    if (old.outer !== null && isSamePair(old.outer, outer)) return old;
    this.#checkPair(name, outer, old.flags);
    checkRouteLoop(outer, old.addresses, 'peer');
    const isSameAddresses = old.outer !== null && pairKey(old.outer) === pairKey(outer);
    const policies = isSameAddresses ? old.policies : this.#exchange(old, outer, old.flags, reqids);
    return this.#put({ ...old, outer, policies }, old);
  }

  /** Take the outer addresses and the policies away; nothing to take is no error. @throws {IpsecError} `INTERFACE_NOT_FOUND`. */
  deleteTunnel(name: string): Interface {
    const old = this.get(name);
    if (old.outer === null) return old;
    this.#spd.removeKernel(this.#ownPolicies(old));
    return this.#put({ ...old, outer: null, policies: null }, old);
  }

  /**
   * Change flags. link0 and link2 of a configured interface make its policies anew, with new reqids.
   * @throws {IpsecError} `TUNNEL_PORT_WITHOUT_NAT_T` or `TUNNEL_PAIR_IN_USE` when link0 goes while it is needed.
   */
  setFlags(name: string, changes: Partial<InterfaceFlags>): Interface {
    const old = this.get(name);
    const flags = { ...old.flags, ...changes };
    if (old.outer === null || (flags.link0 === old.flags.link0 && flags.link2 === old.flags.link2)) {
      return this.#put({ ...old, flags }, old);
    }
    if (!flags.link0) {
      this.#checkPorts(old.outer, flags);
      this.#checkPair(name, old.outer, flags);
    }
    return this.#put({ ...old, flags, policies: this.#exchange(old, old.outer, flags) }, old);
  }

  /** @throws {IpsecError} `INTERFACE_MTU`. */
  setMtu(name: string, mtu: number): Interface {
    const old = this.get(name);
    checkMtu(mtu);
    return this.#put({ ...old, mtu }, old);
  }

  /** Change options of an interface. @throws {IpsecError} `INTERFACE_OPTION`. */
  setOptions(name: string, changes: Partial<InterfaceOptions>): Interface {
    const old = this.get(name);
    const options = { ...old.options, ...changes };
    checkOptions(options);
    return this.#put({ ...old, options }, old);
  }

  /** What holds for interfaces that say nothing else. */
  get settings(): SystemSettings {
    return this.#settings;
  }

  /** Change what holds for all. @throws {IpsecError} `INTERFACE_OPTION`. */
  setSettings(changes: Partial<SystemSettings>): void {
    const old = this.#settings;
    const next = { ...old, ...changes };
    checkSettings(next);
    this.#settings = next;
    this.#version++;
    this.#journal.record(() => {
      this.#settings = old;
      this.#version++;
    });
  }

  /** Whether it has this very address, length and peer included. */
  hasAddress(name: string, { address, prefixLength, peer }: InnerAddress): boolean {
    const { addresses } = this.get(name);
    if (this.#row?.list === addresses && !this.#row.known.has(address)) return false;
    const held = addresses.find((candidate) => candidate.address === address);
    return held?.prefixLength === prefixLength && held.peer === peer;
  }

  /** Add an inner address, which also brings the interface up (if_ipsec.c: SIOCINITIFADDR). @throws {IpsecError} `ADDRESS_EXISTS`, `TUNNEL_ROUTE_LOOP` and what `checkInnerAddress` throws. */
  addAddress(name: string, added: InnerAddress): Interface {
    const old = this.get(name);
    checkInnerAddress(added);
    const row = this.#growing(old);
    if (row.known.has(added.address)) {
      if (this.hasAddress(name, added)) return this.setFlags(name, { isUp: true });
      throw new IpsecError('ADDRESS_EXISTS', `${name} has the address ${added.address}`, { field: 'address' });
    }
    if (old.outer !== null) checkRouteLoop(old.outer, [added], 'address');
    const isFirst = row.list !== old.addresses;
    row.list.push(added);
    row.known.add(added.address);
    const next = { ...old, flags: { ...old.flags, isUp: true }, addresses: row.list };
    this.#set(next, old);
    // The first of a row takes all of it back.
    if (isFirst || !old.flags.isUp) this.#journal.record(() => this.#set(old, this.get(name)));
    return next;
  }

  /** Take an inner address away; gives what it was. @throws {IpsecError} `ADDRESS_NOT_FOUND`. */
  removeAddress(name: string, address: IpAddress): InnerAddress {
    const old = this.get(name);
    const removed = old.addresses.find((candidate) => candidate.address === address);
    if (removed === undefined) {
      throw new IpsecError('ADDRESS_NOT_FOUND', `${name} has no address ${address}`, { field: 'address' });
    }
    this.#put({ ...old, addresses: old.addresses.filter((candidate) => candidate !== removed) }, old);
    return removed;
  }

  /** Open a mark to roll back to. The SPD has marks of its own. */
  mark(): UndoMark {
    this.#endRow(1);
    return this.#journal.mark();
  }

  /** Take back everything since `mark`. */
  rollback(mark: UndoMark): void {
    this.#endRow(-1);
    this.#journal.rollback(mark);
  }

  /** Keep everything since `mark`. */
  commit(mark: UndoMark): void {
    this.#endRow(-1);
    this.#journal.commit(mark);
  }

  #checkPorts(outer: OuterPair, flags: InterfaceFlags): void {
    if (flags.link0 || !hasPorts(outer)) return;
    throw new IpsecError('TUNNEL_PORT_WITHOUT_NAT_T', 'ports belong to NAT-T, and link0 is not set', {
      field: outer.localPort === 0 ? 'peerPort' : 'localPort',
    });
  }

  /** Two interfaces have one outer pair only when link0 is set on one of them. */
  #checkPair(name: string, outer: OuterPair, flags: InterfaceFlags): void {
    if (flags.link0) return;
    for (const other of this.#sharers(outer, name)) {
      if (other.flags.link0) continue;
      const message = `${outer.local} to ${outer.peer} is the pair of ${other.name}`;
      throw new IpsecError('TUNNEL_PAIR_IN_USE', message, { field: 'peer', interface: other.name });
    }
  }

  /** Make the policies for a new pair or new flags; where another interface has them already, they are shared. */
  #exchange(
    old: Interface,
    outer: OuterPair,
    flags: InterfaceFlags,
    reqids: GeneratedReqids | null = null,
  ): GeneratedPolicies {
    const [sharer] = this.#sharers(outer, old.name);
    const replaced = old.outer === null ? [] : this.#ownPolicies(old);
    if (sharer?.policies != null) {
      this.#spd.removeKernel(replaced);
      return sharer.policies;
    }
    const reqidMode = reqids === null ? this.#reqidMode() : ({ kind: 'given', reqids } as const);
    const specs = generatePolicies({ unit: old.unit, outer, flags, reqidMode });
    return nameGenerated(this.#spd.installKernel(specs, replaced));
  }

  #reqidMode(): ReqidMode {
    const { usesFixedReqid, reqidBase } = this.#settings;
    return usesFixedReqid ? { kind: 'fixed', base: reqidBase } : sequentialReqids;
  }

  /** The policies that go when this interface's tunnel goes: none while another interface shares them. */
  #ownPolicies({ name, outer, policies }: Interface): SecurityPolicy[] {
    if (outer === null || policies === null) return [];
    const [sharer] = this.#sharers(outer, name);
    return sharer === undefined ? deletionOrder(policies) : [];
  }

  /** Other configured interfaces with this outer pair. */
  *#sharers(outer: OuterPair, except: string): Iterable<Interface> {
    for (const name of this.#byPair.get(pairKey(outer)) ?? []) {
      const sharer = this.#interfaces.get(name);
      if (name !== except && sharer !== undefined) yield sharer;
    }
  }

  /**
   * The list that grows in place, for texts bring thousands of addresses one after the other. Nobody has it but records of
   * this row of changes: whoever takes a mark or looks at what a mark held ends the row.
   */
  #growing({ addresses }: Interface): GrowingList {
    if (this.#openMarks > 0 && this.#row?.list === addresses) return this.#row;
    this.#row = { list: [...addresses], known: new Set(addresses.map(({ address }) => address)) };
    return this.#row;
  }

  #endRow(marks: 1 | -1): void {
    this.#row = null;
    this.#openMarks += marks;
  }

  #put(next: Interface, old: Interface | null = null): Interface {
    this.#set(next, old);
    this.#journal.record(() => this.#set(old, next));
    return next;
  }

  #set(next: Interface | null, old: Interface | null): void {
    this.#version++;
    if (old?.outer != null) this.#unlist(old.name, pairKey(old.outer));
    if (next?.outer != null) this.#enlist(next.name, pairKey(next.outer));
    if (next !== null) this.#interfaces.set(next.name, next);
    else if (old !== null) this.#interfaces.delete(old.name);
  }

  /** A rolled-back removal puts an interface at the end. */
  #restoreOrder(order: readonly string[]): void {
    for (const name of order) {
      const entry = this.#interfaces.get(name);
      this.#interfaces.delete(name);
      if (entry !== undefined) this.#interfaces.set(name, entry);
    }
  }

  #enlist(name: string, pair: string): void {
    const names = this.#byPair.get(pair);
    if (names === undefined) this.#byPair.set(pair, new Set([name]));
    else names.add(name);
  }

  #unlist(name: string, pair: string): void {
    const names = this.#byPair.get(pair);
    names?.delete(name);
    if (names?.size === 0) this.#byPair.delete(pair);
  }
}
