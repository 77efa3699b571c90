/**
 * Brings what was decided (interfaces, SAD) to the machine: sockets, transforms, reserved IVs, and the snapshot that
 * the datapath decides by. New things are made before the snapshot that names them, old ones go after the snapshot
 * that no longer does.
 *
 * A command calls `prepare` (which may fail and is undone by the transaction); then come `publish` and, when it has
 * succeeded and nothing will be rolled back, `collect`; when it has failed and all was rolled back, `recover`.
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
import type { Snapshot, SnapshotEndpoint, SnapshotIcmp } from '#core/datapath/snapshot.ts';
import type { SecurityAssociation } from '#core/sad/security-association.ts';
import { readUsage } from './association-usage.ts';
import { SnapshotCompiler, type Device, type PlannedInterface } from './compile-snapshot.ts';
import type { DatapathPort } from '#core/tunnel/port/datapath-port.ts';
import { FollowedPeers } from './followed-peers.ts';
import type { HostPort, SocketSpec } from '#core/tunnel/port/host-port.ts';
import { planInterface, sendingSocket, type InterfacePlan } from './interface-plan.ts';
import { SocketSet } from './socket-set.ts';
import { Transaction } from './transaction.ts';

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

type Planned = {
  /** Version of the SAD at which this was last found to be true. */
  sadVersion: number;
  /** Last changes of the SAD in both directions of the interface's pair. */
  readonly sent: number;
  readonly received: number;
  readonly settings: SystemSettings;
  readonly plan: InterfacePlan;
};

/** The machine's side of a gateway. */
export class Deployment {
  /** What the machine gave for each interface. */
  readonly devices = new Map<string, Device>();
  /** Where peers behind a NAT are now. */
  readonly peers = new FollowedPeers();
  readonly #ports: DeploymentPorts;
  readonly #sockets: SocketSet;
  readonly #compiler = new SnapshotCompiler();
  readonly #plans = new WeakMap<Interface, Planned>();
  readonly #transforms = new Map<number, number>();
  readonly #ivHighs = new Map<number, readonly number[]>();
  /** Ids of associations that were sent on: they stay in the snapshot while they live, or their numbers would start again. */
  readonly #sentOn = new Set<number>();
  /** Sequence numbers to go on from, for associations that the workers may have forgotten in between. */
  readonly #resumeAt = new Map<number, number>();
  #version = 0;
  #appliedVersion = 0;
  /** Ids that the workers know since the last snapshot they took over, and those of one that they may have taken over. */
  #known: ReadonlySet<number> = new Set();
  #offered: ReadonlySet<number> = new Set();
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
  }

  /** What an interface needs, as planned from the SAD of this moment. */
  planOf(record: Interface): InterfacePlan {
    const { sad, ipsecif } = this.#ports;
    const { settings } = ipsecif;
    const { outer } = record;
    const kept = this.#plans.get(record);
    if (kept?.sadVersion === sad.version && kept.settings === settings) return kept.plan;
    const sent = outer === null ? 0 : sad.lastChange(outer.local, outer.peer);
    const received = outer === null ? 0 : sad.lastChange(outer.peer, outer.local);
    if (kept?.sent === sent && kept.received === received && kept.settings === settings) {
      kept.sadVersion = sad.version;
      return kept.plan;
    }
    const plan = planInterface(record, sad, settings);
    this.#plans.set(record, { sadVersion: sad.version, sent, received, settings, plan });
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

  /** Whether the workers do not know everything yet. */
  hasChanges(): boolean {
    return this.#fingerprint() !== this.#publishedFingerprint;
  }

  /** Publish the state of this moment, one publication at a time. Resolves when the workers decide by it. */
  async publish(): Promise<void> {
    const version = ++this.#version;
    const fingerprint = this.#fingerprint();
    this.#sockets.use(this.#wantedSockets(), version);
    for (const association of this.#chosen()) this.#sentOn.add(association.id);
    this.peers.retain(this.#ports.ipsecif.list());
    const snapshot = this.#compile(version);
    this.#offered = new Set(snapshot.inbound.map(({ id }) => id));
    await this.#ports.datapath.publish(snapshot);
    this.#appliedVersion = version;
    this.#publishedFingerprint = fingerprint;
    this.#known = this.#offered;
  }

  /**
   * After a publication that failed, or is no longer true, and after everything was rolled back: tell the workers the
   * state of this moment. Never throws: what is left to say is said with the next command.
   *
   * A worker may have taken the failed snapshot over and forgotten associations that are back now. They go on behind
   * their last sequence number and with new IVs, for neither may ever be used twice (RFC 4303 §3.3.3, RFC 8221 §3).
   */
  async recover(): Promise<void> {
    const { sad, datapath, log } = this.#ports;
    for (const { id, slot } of sad.all()) {
      if (!this.#known.has(id) || this.#offered.has(id)) continue;
      this.#resumeAt.set(id, readUsage(datapath.counters, slot).sequence);
      this.#ivHighs.delete(id);
    }
    try {
      await this.prepare(new Transaction(), 'later');
      await this.publish();
    } catch (error) {
      log.error('the datapath could not be told that a change was taken back', { error });
    }
  }

  /** Close, free and release what the workers no longer know. Only after a publication, with nothing left to roll back. */
  async collect(): Promise<void> {
    const { datapath, sad } = this.#ports;
    await this.#sockets.collect(this.#appliedVersion);
    for (const association of sad.drainRemoved()) {
      const { id, slot } = association;
      this.#freeTransform(id);
      this.#ivHighs.delete(id);
      this.#resumeAt.delete(id);
      this.#sentOn.delete(id);
      datapath.counters.clearAssociation(slot);
      sad.releaseSlot(association);
    }
  }

  /** Reserve one more IV high word for an association that has used half of its last. @throws {IpsecError} `STATE_UNWRITABLE`. */
  reserveMoreIvs(id: number): boolean {
    const association = this.#ports.sad.find(id);
    if (association === null || !encryptionRow(association.encryption).hasCounterIv) return false;
    const [reserved = noIvs] = this.#reserveWords([association]);
    this.#ivHighs.set(id, [...(this.#ivHighs.get(id) ?? []), ...reserved]);
    this.#ivVersion++;
    return true;
  }

  /**
   * Let an association go on behind a sequence number that one with the same key has reached: numbers are never used twice
   * under one key (RFC 4303 §3.3.3), and what was received before is not accepted again.
   */
  resume(id: number, sequence: number): void {
    this.#resumeAt.set(id, sequence);
  }

  /** Close and free everything; the datapath has stopped. */
  async dispose(): Promise<void> {
    this.#sockets.use(new Map(), 0);
    await this.#sockets.collect(Number.MAX_SAFE_INTEGER);
    for (const id of [...this.#transforms.keys()]) this.#freeTransform(id);
  }

  #compile(version: number): Snapshot {
    const places = this.#places();
    return this.#compiler.compile({
      version,
      interfaces: this.#plannedInterfaces(),
      inbound: this.#ports.sad.all(),
      outbound: this.#outbound(),
      sockets: this.#sockets.inUse(),
      logsEcn: this.#ports.ipsecif.settings.logsEcn,
      icmp: icmpOf(this.#ports.ipsecif.settings),
      auditsDrops: this.#ports.ipsecif.settings.auditsDrops,
      transformOf: (association) => this.#transforms.get(association.id) ?? -1,
      ivHighsOf: (association) => this.#ivHighs.get(association.id) ?? noIvs,
      initialSequenceOf: (association) => this.#resumeAt.get(association.id) ?? 0,
      placeOf: (association) => places.get(association) ?? null,
      sendingSocketOf: (association) => this.#sockets.tokenOf(sendingSocket(association)),
    });
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
      const highs = this.#reserveWords(waiting);
      for (const [index, { id }] of waiting.entries()) this.#ivHighs.set(id, highs[index] ?? noIvs);
      this.#ivVersion++;
      transaction.onRollback(() => waiting.forEach(({ id }) => this.#ivHighs.delete(id)));
      this.#hasMissingIvs = false;
    } catch (error) {
      if (demand === 'refuse') throw error;
      if (!this.#hasMissingIvs) this.#ports.log.error('IVs could not be reserved: nothing is sent', { error });
      this.#hasMissingIvs = true;
    }
  }

  /** High words for each association: consecutive ones, of which each outbound worker has one (worker-share.ts). */
  #reserveWords(associations: readonly SecurityAssociation[]): readonly (readonly number[])[] {
    const workers = this.#ports.datapath.outboundWorkers ?? 1;
    const keys = associations.flatMap(({ encryptionKey }) => Array.from({ length: workers }, () => encryptionKey));
    const highs = this.#ports.ivStore.reserve(keys);
    return associations.map((_, index) => highs.slice(index * workers, (index + 1) * workers));
  }

  /** Equal exactly when a snapshot would be equal. */
  #fingerprint(): string {
    return `${this.#ports.sad.version} ${this.#ports.ipsecif.version} ${this.#ivVersion} ${this.peers.version}`;
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

  /** Where to send what does not go to an association's own destination. */
  #places(): Map<SecurityAssociation, SnapshotEndpoint> {
    const places = new Map<SecurityAssociation, SnapshotEndpoint>();
    for (const record of this.#ports.ipsecif.list()) {
      const place = this.peers.placeOf(record);
      if (place === null) continue;
      const { ipv4, ipv6 } = this.planOf(record);
      for (const association of [ipv4?.association, ipv6?.association]) if (association) places.set(association, place);
    }
    return places;
  }

  *#outbound(): Iterable<SecurityAssociation> {
    for (const id of this.#sentOn) {
      const association = this.#ports.sad.find(id);
      if (association !== null) yield association;
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

function icmpOf(settings: SystemSettings): SnapshotIcmp {
  const { leastPathMtu, pathMtuSeconds } = settings;
  return {
    acceptsTooBig: settings.acceptsIcmpTooBig,
    acceptsUnreachable: settings.acceptsIcmpUnreachable,
    acceptsTimeExceeded: settings.acceptsIcmpTimeExceeded,
    acceptsParameterProblem: settings.acceptsIcmpParameterProblem,
    ...{ leastPathMtu, pathMtuSeconds },
  };
}
