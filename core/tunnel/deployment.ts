/**
 * Brings what was decided (interfaces, SAD) to the machine: sockets, transforms, reserved IVs, and the snapshot that
 * the datapath decides by. New things are made before the snapshot that names them, old ones go after the snapshot
 * that no longer does.
 *
 * A command calls `prepare` (which may fail and is undone by the transaction), commits, then `publish` and `collect`.
 * @module
 */
import type { Log } from '#core/base/port.ts';
import { encryptionRow } from '#core/crypto/algorithms.ts';
import { resolveSuite, wipeSpec } from '#core/crypto/resolve-suite.ts';
import type { TransformPort } from '#core/crypto/transform.ts';
import type { SystemSettings } from '#core/ipsecif/interface-options.ts';
import type { Interface } from '#core/ipsecif/interface.ts';
import type { Ipsecif } from '#core/ipsecif/ipsecif.ts';
import type { IvStore } from '#core/sad/iv-reservation.ts';
import type { Sad } from '#core/sad/sad.ts';
import type { SecurityAssociation } from '#core/sad/security-association.ts';
import { SnapshotCompiler, type Device, type PlannedInterface } from './compile-snapshot.ts';
import type { DatapathPort } from './datapath-port.ts';
import type { HostPort, SocketSpec } from './host-port.ts';
import { planInterface, sendingSocket, type InterfacePlan } from './interface-plan.ts';
import { Publisher } from './publisher.ts';
import { SocketSet } from './socket-set.ts';
import type { Transaction } from './transaction.ts';

/** What a deployment stands on. */
export type DeploymentPorts = {
  readonly host: HostPort;
  readonly datapath: DatapathPort;
  readonly transforms: TransformPort;
  readonly ivStore: IvStore;
  readonly log: Log;
  readonly sad: Sad;
  readonly ipsecif: Ipsecif;
};

/**
 * What `prepare` does when IVs cannot be reserved: `refuse` the command, or go on without them (`later`). The
 * association then sends nothing until a later preparation reserves them.
 */
export type IvDemand = 'refuse' | 'later';

type Planned = { readonly sadVersion: number; readonly settings: SystemSettings; readonly plan: InterfacePlan };

/** The machine's side of a gateway. */
export class Deployment {
  /** What the machine gave for each interface. */
  readonly devices = new Map<string, Device>();
  readonly #ports: DeploymentPorts;
  readonly #sockets: SocketSet;
  readonly #publisher: Publisher;
  readonly #compiler = new SnapshotCompiler();
  readonly #plans = new WeakMap<Interface, Planned>();
  readonly #transforms = new Map<number, number>();
  readonly #ivHighs = new Map<number, readonly number[]>();
  /** Ids of associations that were sent on: they stay in the snapshot while they live, or their numbers would start again. */
  readonly #sentOn = new Set<number>();
  #garbage: { readonly version: number; readonly association: SecurityAssociation }[] = [];
  #version = 0;
  #preparedSadVersion = -1;
  /** Said once in the log, not each second. */
  #hasMissingIvs = false;
  /** Rises when IVs are reserved. */
  #ivVersion = 0;
  #publishedFingerprint = '';
  #wanted: { readonly fingerprint: string; readonly sockets: ReadonlyMap<string, SocketSpec> } = {
    fingerprint: '',
    sockets: new Map(),
  };

  constructor(ports: DeploymentPorts) {
    this.#ports = ports;
    this.#sockets = new SocketSet(ports.host, ports.log);
    this.#publisher = new Publisher(ports.datapath);
  }

  /** What an interface needs, as planned from the SAD of this moment. */
  planOf(record: Interface): InterfacePlan {
    const { sad, ipsecif } = this.#ports;
    const { settings } = ipsecif;
    const kept = this.#plans.get(record);
    if (kept?.sadVersion === sad.version && kept.settings === settings) return kept.plan;
    const plan = planInterface(record, sad, settings);
    this.#plans.set(record, { sadVersion: sad.version, settings, plan });
    return plan;
  }

  /**
   * Make what the next snapshot names: sockets, transforms, IVs.
   * @throws {IpsecError} `HOST_*`, `STATE_UNWRITABLE`; the transaction undoes what was made.
   */
  async prepare(transaction: Transaction, demand: IvDemand): Promise<void> {
    this.#createTransforms(transaction);
    await this.#sockets.open(this.#wantedSockets(), transaction);
    this.#reserveIvs(transaction, demand);
  }

  /** `publish`, unless the workers know everything already; then null. */
  publishIfChanged(): Promise<void> | null {
    return this.#fingerprint() === this.#publishedFingerprint ? null : this.publish();
  }

  /** Publish the state of this moment; nothing may be left to roll back. Resolves when the workers decide by it. */
  publish(): Promise<void> {
    const { sad } = this.#ports;
    const version = ++this.#version;
    this.#publishedFingerprint = this.#fingerprint();
    this.#sockets.use(this.#wantedSockets(), version);
    for (const association of sad.drainRemoved()) this.#garbage.push({ version, association });
    for (const association of this.#chosen()) this.#sentOn.add(association.id);
    const snapshot = this.#compiler.compile({
      version,
      interfaces: this.#plannedInterfaces(),
      inbound: sad.all(),
      outbound: this.#outbound(),
      sockets: this.#sockets.inUse(),
      transformOf: (association) => this.#transforms.get(association.id) ?? -1,
      ivHighsOf: (association) => this.#ivHighs.get(association.id) ?? noIvs,
      sendingSocketOf: (association) => this.#sockets.tokenOf(sendingSocket(association)),
    });
    return this.#publisher.offer(snapshot);
  }

  /** Close, free and release what the workers no longer know. */
  async collect(): Promise<void> {
    const { datapath, sad } = this.#ports;
    const applied = this.#publisher.appliedVersion;
    await this.#sockets.collect(applied);
    const isKnown = ({ version }: { readonly version: number }): boolean => version > applied;
    for (const entry of this.#garbage) {
      if (isKnown(entry)) continue;
      this.#freeTransform(entry.association.id);
      this.#ivHighs.delete(entry.association.id);
      datapath.counters.clearAssociation(entry.association.slot);
      sad.releaseSlot(entry.association);
    }
    this.#garbage = this.#garbage.filter(isKnown);
  }

  /** Reserve one more IV high word for an association that has used half of its last. @throws {IpsecError} `STATE_UNWRITABLE`. */
  reserveMoreIvs(id: number): boolean {
    const association = this.#ports.sad.find(id);
    if (association === null || !encryptionRow(association.encryption).hasCounterIv) return false;
    const reserved = this.#ports.ivStore.reserve([association.encryptionKey]);
    this.#ivHighs.set(id, [...(this.#ivHighs.get(id) ?? []), ...reserved]);
    this.#ivVersion++;
    return true;
  }

  /** Close and free everything; the datapath has stopped. */
  async dispose(): Promise<void> {
    this.#sockets.use(new Map(), 0);
    await this.#sockets.collect(Number.MAX_SAFE_INTEGER);
    for (const id of [...this.#transforms.keys()]) this.#freeTransform(id);
  }

  #createTransforms(transaction: Transaction): void {
    const { sad, transforms, datapath } = this.#ports;
    if (sad.version === this.#preparedSadVersion) return;
    const made: number[] = [];
    transaction.onRollback(() => {
      this.#preparedSadVersion = -1;
      for (const id of made) this.#freeTransform(id);
    });
    for (const association of sad.all()) {
      if (this.#transforms.has(association.id)) continue;
      const spec = resolveSuite(association);
      this.#transforms.set(association.id, transforms.create(spec));
      made.push(association.id);
      wipeSpec(spec);
      datapath.counters.clearAssociation(association.slot);
    }
    this.#preparedSadVersion = sad.version;
  }

  #freeTransform(id: number): void {
    const handle = this.#transforms.get(id);
    if (handle !== undefined) this.#ports.transforms.free(handle);
    this.#transforms.delete(id);
  }

  #reserveIvs(transaction: Transaction, demand: IvDemand): void {
    const waiting = [...this.#chosen()].filter(
      ({ id, encryption }) => encryptionRow(encryption).hasCounterIv && !this.#ivHighs.has(id),
    );
    if (waiting.length === 0) {
      this.#hasMissingIvs = false;
      return;
    }
    try {
      const highs = this.#ports.ivStore.reserve(waiting.map(({ encryptionKey }) => encryptionKey));
      for (const [index, { id }] of waiting.entries()) this.#ivHighs.set(id, highs.slice(index, index + 1));
      this.#ivVersion++;
      transaction.onRollback(() => waiting.forEach(({ id }) => this.#ivHighs.delete(id)));
      this.#hasMissingIvs = false;
    } catch (error) {
      if (demand === 'refuse') throw error;
      if (!this.#hasMissingIvs) this.#ports.log.error('IVs could not be reserved: nothing is sent', { error });
      this.#hasMissingIvs = true;
    }
  }

  /** Equal exactly when a snapshot would be equal. */
  #fingerprint(): string {
    return `${this.#ports.sad.version} ${this.#ports.ipsecif.version} ${this.#ivVersion}`;
  }

  /** The associations that the interfaces send on now, each once. */
  #chosen(): Set<SecurityAssociation> {
    const chosen = new Set<SecurityAssociation>();
    for (const record of this.#ports.ipsecif.list()) {
      const { ipv4, ipv6 } = this.planOf(record);
      if (ipv4?.association) chosen.add(ipv4.association);
      if (ipv6?.association) chosen.add(ipv6.association);
    }
    return chosen;
  }

  *#outbound(): Iterable<SecurityAssociation> {
    for (const id of this.#sentOn) {
      const association = this.#ports.sad.find(id);
      if (association === null) this.#sentOn.delete(id);
      else yield association;
    }
  }

  /** Asked twice by each command, before and after the commit: the answer is kept until something changes. */
  #wantedSockets(): ReadonlyMap<string, SocketSpec> {
    const fingerprint = this.#fingerprint();
    if (this.#wanted.fingerprint === fingerprint) return this.#wanted.sockets;
    const sockets = new Map<string, SocketSpec>();
    for (const record of this.#ports.ipsecif.list()) {
      for (const [key, spec] of this.planOf(record).sockets) sockets.set(key, spec);
    }
    this.#wanted = { fingerprint, sockets };
    return sockets;
  }

  *#plannedInterfaces(): Iterable<PlannedInterface> {
    for (const record of this.#ports.ipsecif.list()) {
      const device = this.devices.get(record.name);
      if (device !== undefined) yield { interface: record, plan: this.planOf(record), device };
    }
  }
}

const noIvs: readonly number[] = [];
