/**
 * One machine's IPsec: interfaces, SAD and SPD over a host and a datapath. Commands run one at a time, and each does all
 * it says or nothing, also when the machine refuses half-way.
 *
 * A command resolves when the workers decide by what it changed. Bursts of commands share publications.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import { associationSlots } from '#core/datapath/counters.ts';
import type { IpAddress } from '#core/ip/address.ts';
import type { InterfaceFlags } from '#core/ipsecif/flags.ts';
import type { InnerAddress } from '#core/ipsecif/inner-address.ts';
import { initialSettings, type InterfaceOptions, type SystemSettings } from '#core/ipsecif/interface-options.ts';
import type { OuterPair } from '#core/ipsecif/outer-pair.ts';
import type { LarvalAssociation, LarvalRequest } from '#core/sad/larval-association.ts';
import type { AssociationUsage } from '#core/sad/security-association.ts';
import { associationChange, policyChange, type DatabaseChange } from '#core/setkey/database-change.ts';
import { dumpAssociations, dumpPolicies } from '#core/setkey/dump.ts';
import { refusal, runSetkey, type SetkeyRun, type SetkeySemantics } from '#core/setkey/run.ts';
import type { TimeFormatter } from '#core/setkey/time-stamp.ts';
import type { PolicySpec, SecurityPolicy } from '#core/spd/security-policy.ts';
import type { Selector } from '#core/spd/selector.ts';
import { readUsage } from './association-usage.ts';
import { ChangeGroup } from './change-group.ts';
import { planIfconfig, runSteps, type IfconfigRun, type IfconfigSemantics } from './command/ifconfig-run.ts';
import { InterfaceChanges } from './command/interface-change.ts';
import { InterfaceLifecycle } from './command/interface-lifecycle.ts';
import { addAddress, drySteps, removeAddress, setFlags, setMtu, setTunnel } from './command/interface-steps.ts';
import { RefusedNetworks } from './command/refused-networks.ts';
import { RouteControl, type RouteSurroundings } from './command/route-control.ts';
import { TunnelControl } from './command/tunnel-control.ts';
import { CommandQueue } from './command-queue.ts';
import { Databases } from './databases.ts';
import { Deployment, type IvDemand } from './deployment.ts';
import { handleDatapathEvent } from './event/datapath-listener.ts';
import { EventSource } from './event/event-source.ts';
import type { EventListener } from './event/gateway-event.ts';
import { volatileWayBackStore } from '#core/tunnel/port/way-back-store.ts';
import type { GatewayPorts } from '#core/tunnel/port/gateway-ports.ts';
import type { GatewayStatus } from './gateway-status.ts';
import { GatewayView, type ViewSurroundings } from './gateway-view.ts';
import { ConfigurationControl } from './plan/configuration-control.ts';
import type { Transaction } from './transaction.ts';

/** What setkey -D and -DP show. */
export type DumpSubject = 'associations' | 'policies';

/** One machine's IPsec. */
export class Gateway {
  readonly #ports: GatewayPorts;
  readonly #databases: Databases;
  readonly #deployment: Deployment;
  readonly #queue: CommandQueue<ChangeGroup>;
  readonly #events: EventSource;
  readonly #interfaces: InterfaceLifecycle;
  /** The machine's routes, in the order of the other commands. */
  readonly routes: RouteControl;
  /** Whole tunnels, as profiles have them. */
  readonly tunnels: TunnelControl;
  /** Networks that are refused where no tunnel carries them. */
  readonly refused: RefusedNetworks;
  /** Changes of an interface as a whole. */
  readonly changes: InterfaceChanges;
  /** All of it as files have it: plans, and changes as a whole. */
  readonly configuration: ConfigurationControl;
  /** What can be seen of it besides its status. */
  readonly view: GatewayView;
  #isStopped = false;

  /** @throws {IpsecError} `INTERFACE_OPTION` for settings out of range. */
  constructor(ports: GatewayPorts) {
    const { options } = ports;
    this.#ports = ports;
    const sad = { limit: associationSlots, allowWeak: options.allowWeak ?? false };
    const databases = new Databases(sad, { ...initialSettings, ...options.settings });
    const deployment = new Deployment({ ...ports, sad: databases.sad, ipsecif: databases.ipsecif });
    this.#databases = databases;
    this.#deployment = deployment;
    this.#queue = new CommandQueue(() => new ChangeGroup({ databases, deployment, log: ports.log }));
    this.#interfaces = new InterfaceLifecycle({ ...ports, databases, deployment });
    this.#events = new EventSource({ ...ports, interfaceOf: (slot) => this.#interfaces.interfaceOf(slot) });
    const change: RouteSurroundings['change'] = (work) => this.#change('later', work);
    this.routes = new RouteControl({ host: ports.host, interfaces: () => databases.ipsecif.list(), change });
    const alone: ViewSurroundings['alone'] = (work) => this.#queue.alone(work);
    const whileRunning: typeof alone = (work) => this.#alone(work);
    this.tunnels = new TunnelControl({
      ...{ databases, deployment, interfaces: this.#interfaces, pid: options.pid },
      ...{ host: ports.host, clock: ports.clock, alone: whileRunning },
      change: (demand, work) => this.#change(demand, work),
    });
    this.refused = new RefusedNetworks({ host: ports.host, change, alone: whileRunning });
    this.view = new GatewayView({ ports, databases, deployment, interfaces: this.#interfaces, alone: whileRunning });
    this.changes = new InterfaceChanges({
      ...{ databases, interfaces: this.#interfaces, host: ports.host, alone },
      change: (work) => this.#change('refuse', work),
    });
    this.configuration = new ConfigurationControl({
      ...{ databases, deployment, interfaces: this.#interfaces, alone, pid: options.pid },
      ...{ host: ports.host, clock: ports.clock, log: ports.log },
      wayBackStore: ports.wayBackStore ?? volatileWayBackStore(),
      removeLeft: (name) => this.removeLeftInterface(name),
      usageOf: (slot) => this.#usageOf(slot),
      change: (work) => this.#change('refuse', work),
      announce: (transaction, change, pid) => this.#announce(transaction, change, pid),
    });
    const listener = { events: this.#events, deployment, interfaces: this.#interfaces, log: ports.log, change };
    ports.datapath.onEvent((event) => handleDatapathEvent(event, listener));
  }

  /** @throws {IpsecError} `INTERFACE_NAME`, `INTERFACE_EXISTS`, `INTERFACE_LIMIT`, `HOST_*`. */
  createInterface(name: string): Promise<void> {
    return this.#change('later', async (transaction) => void (await this.#interfaces.create(name, transaction)));
  }

  /** The device goes after the workers have let go of it. @throws {IpsecError} `INTERFACE_NOT_FOUND`, `HOST_*`. */
  destroyInterface(name: string): Promise<void> {
    return this.#alone(() => this.#interfaces.destroy(name, []));
  }

  /**
   * Remove the device of this name that an earlier culvertd left, with its routes; nothing where there is none, or where
   * an interface has the name. @throws {IpsecError} `HOST_*`.
   */
  async removeLeftInterface(name: string): Promise<void> {
    if (this.#deployment.devices.has(name) || !this.#ports.host.leftInterfaces().includes(name)) return;
    try {
      await this.createInterface(name);
    } catch (error) {
      // Another culvertd holds it.
      if (error instanceof IpsecError && error.code === 'HOST_NAME_TAKEN') return;
      throw error;
    }
    await this.destroyInterface(name);
  }

  /** @throws {IpsecError} what `Ipsecif.setTunnel` throws, `HOST_*`, `STATE_UNWRITABLE`. */
  setTunnel(name: string, outer: OuterPair): Promise<void> {
    return this.#change('refuse', async (transaction) => setTunnel(name, outer, this.#interfaces.steps(transaction)));
  }

  /** @throws {IpsecError} `INTERFACE_NOT_FOUND`. */
  deleteTunnel(name: string): Promise<void> {
    return this.#change('later', async () => void this.#ipsecif.deleteTunnel(name));
  }

  /** Also brings the interface up, as on NetBSD. @throws {IpsecError} what `Ipsecif.addAddress` throws, `HOST_*`. */
  addAddress(name: string, address: InnerAddress): Promise<void> {
    return this.#change('later', (transaction) => addAddress(name, address, this.#interfaces.steps(transaction)));
  }

  /** @throws {IpsecError} `INTERFACE_NOT_FOUND`, `ADDRESS_NOT_FOUND`, `HOST_*`. */
  removeAddress(name: string, address: IpAddress): Promise<void> {
    return this.#change('later', (transaction) => removeAddress(name, address, this.#interfaces.steps(transaction)));
  }

  /** @throws {IpsecError} `INTERFACE_NOT_FOUND`, `INTERFACE_MTU`, `HOST_*`. */
  setMtu(name: string, mtu: number): Promise<void> {
    return this.#change('later', (transaction) => setMtu(name, mtu, this.#interfaces.steps(transaction)));
  }

  /** @throws {IpsecError} what `Ipsecif.setFlags` throws, `HOST_*`, `STATE_UNWRITABLE`. */
  setFlags(name: string, changes: Partial<InterfaceFlags>): Promise<void> {
    return this.#change('refuse', (transaction) => setFlags(name, changes, this.#interfaces.steps(transaction)));
  }

  /**
   * Run ifconfig text, of interface `name` or with a name in each line: all or nothing. Refusals are in the result.
   * @throws {IpsecError} `HOST_*`, `STATE_UNWRITABLE` when the machine cannot follow; then nothing has changed.
   */
  async runIfconfig(text: string, semantics: IfconfigSemantics, name: string | null): Promise<IfconfigRun> {
    const { steps, errors } = planIfconfig(text, name);
    if (errors.length > 0) return { errors, applied: 0 };
    const nothing = new Error('a check leaves nothing behind');
    try {
      await this.#change('refuse', async (transaction) => {
        await runSteps(
          steps,
          semantics === 'check' ? drySteps(this.#ipsecif, transaction) : this.#interfaces.steps(transaction),
        );
        if (semantics === 'check') throw nothing;
      });
    } catch (error) {
      if (error instanceof IpsecError && 'line' in error.details) return { errors: [refusal(error)], applied: 0 };
      if (error !== nothing) throw error;
    }
    return { errors: [], applied: steps.length };
  }

  /** Change options of one interface. @throws {IpsecError} `INTERFACE_NOT_FOUND`, `INTERFACE_OPTION`. */
  setOptions(name: string, changes: Partial<InterfaceOptions>): Promise<void> {
    return this.#change('later', async () => void this.#ipsecif.setOptions(name, changes));
  }

  /** Change what holds for all interfaces; reqids change only for policies made later. @throws {IpsecError} `INTERFACE_OPTION`. */
  setSettings(changes: Partial<SystemSettings>): Promise<void> {
    return this.#change('later', async () => this.#ipsecif.setSettings(changes));
  }

  /** Keep a free SPI for process `pid` for 30 seconds (SADB_GETSPI). @throws {IpsecError} what `Sad.getSpi` throws. */
  getSpi(request: LarvalRequest, pid: number): Promise<LarvalAssociation> {
    const { clock, random } = this.#ports;
    return this.#change('later', async (transaction) => {
      const larval = this.#sad.getSpi(request, random, clock.now(), pid);
      this.#announce(transaction, associationChange('getspi', larval), pid);
      return larval;
    });
  }

  /** Hear every event from now on; gives what ends that. */
  subscribe(listener: EventListener): () => void {
    return this.#events.subscribe(listener);
  }

  /**
   * Run setkey text for process `pid`. Refused statements are in the result.
   * @throws {IpsecError} `HOST_*`, `STATE_UNWRITABLE` when the machine cannot follow; then nothing has changed.
   */
  runSetkey(text: string, semantics: SetkeySemantics, pid: number): Promise<SetkeyRun> {
    return this.#change('refuse', async (transaction) => {
      const changes: DatabaseChange[] = [];
      const onChange = (change: DatabaseChange): void => void changes.push(change);
      const run = runSetkey(text, semantics, { ...this.#dumpContext(), ...this.#databases, pid, onChange });
      // A text that was only checked, or taken back whole, has changed nothing.
      if (run.applied > 0 && semantics !== 'check')
        for (const change of changes) this.#announce(transaction, change, pid);
      this.#ports.log.info('setkey text carried out', {
        semantics,
        pid,
        applied: run.applied,
        failed: run.errors.length,
      });
      return run;
    });
  }

  /** Text of setkey -D or -DP, for process `pid`; `isVerbose` is -v. */
  dumpSetkey(what: DumpSubject, withKeys: boolean, isVerbose = false, pid = this.#ports.options.pid): Promise<string> {
    return this.#alone(async () => {
      if (what === 'policies') return dumpPolicies(this.#databases.spd.list(), { isVerbose, pid });
      const options = { ...this.#dumpContext(), larvals: this.#sad.larvals(), withKeys, pid };
      return dumpAssociations(this.#sad.list(), options);
    });
  }

  /** Remove all associations (setkey -F), for process `pid`. */
  flushAssociations(pid = this.#ports.options.pid): Promise<void> {
    return this.#change('later', async (transaction) => {
      this.#sad.flush();
      this.#announce(transaction, { kind: 'flush', what: 'associations' }, pid);
    });
  }

  /** Append a policy (setkey's spdadd). @throws {IpsecError} what `Spd.add` throws. */
  addPolicy(spec: PolicySpec, pid: number): Promise<SecurityPolicy> {
    return this.#change('later', async (transaction) => {
      const policy = this.#databases.spd.add(spec, 'user', pid);
      this.#announce(transaction, policyChange('add', policy), pid);
      return policy;
    });
  }

  /** @throws {IpsecError} `POLICY_NOT_FOUND`, `POLICY_KERNEL_ORIGIN`. */
  deletePolicy(selector: Selector, direction: PolicySpec['direction'], pid = this.#ports.options.pid): Promise<void> {
    return this.#change('later', async (transaction) => {
      const policy = this.#databases.spd.delete(selector, direction);
      this.#announce(transaction, policyChange('delete', policy), pid);
    });
  }

  /** Remove all policies but those of interfaces (setkey -FP), for process `pid`. */
  flushPolicies(pid = this.#ports.options.pid): Promise<void> {
    return this.#change('later', async (transaction) => {
      this.#databases.spd.flush();
      this.#announce(transaction, { kind: 'flush', what: 'policies' }, pid);
    });
  }

  /** As every status has it, without the rest of one. */
  get helperVersion(): string {
    return this.#ports.options.helperVersion;
  }

  /** Everything at this moment. */
  status(): GatewayStatus {
    return this.view.status();
  }

  /** Apply lifetimes, and try again what could not be reserved. Once a second; never rejects. */
  async tick(now: number): Promise<void> {
    if (this.#isStopped) return;
    this.view.observeFailures(now);
    if (this.view.alterations.isDue(now)) void this.view.alterations.look(now);
    await this.configuration.tick(now);
    try {
      await this.#change('later', async (transaction) => {
        for (const event of this.#sad.tick(now, (slot) => this.#usageOf(slot))) {
          transaction.onCommit(() => this.#events.expired(event));
        }
      });
    } catch (error) {
      if (!this.#isStopped) this.#ports.log.error('lifetimes could not be applied', { error });
    }
  }

  /** When `tick` has something to do next, by time alone; infinite for never. */
  nextTickMs(): number {
    const deadlineMs = this.configuration.pending().pending?.deadlineMs ?? Infinity;
    return Math.min(
      deadlineMs,
      this.view.alterations.nextLookMs,
      this.#sad.nextTickMs((slot) => this.#usageOf(slot)),
    );
  }

  /** Log a bug that showed itself while a command ran. */
  reportInternalError(error: unknown): void {
    this.#ports.log.error('a command failed by a bug', { error });
  }

  /**
   * Stop the datapath and give everything back to the machine. Commands that come later are refused. `leavesInterfaces`:
   * devices stay where they can, and what is routed into them is lost.
   */
  async stop(leavesInterfaces = false): Promise<void> {
    if (this.#isStopped) return;
    this.#isStopped = true;
    const { datapath, host, log } = this.#ports;
    const attempt = async (message: string, work: () => Promise<void>): Promise<void> => {
      await work().catch((error: unknown) => log.error(message, { error }));
    };
    // First: whoever loses patience and kills the process while it stops gets what was asked for.
    if (!leavesInterfaces) for (const { tun } of this.#deployment.devices.values()) host.bindToProcess(tun);
    // Not in the queue: a command may be waiting for the datapath.
    await attempt('the datapath could not be stopped', () => datapath.stop());
    await attempt('devices of removed interfaces could not be removed', () =>
      this.configuration.dispose(leavesInterfaces),
    );
    await this.#queue.alone(async () => {
      const giveBack = [...this.#deployment.devices].map(([name, { tun }]) =>
        leavesInterfaces
          ? attempt(`${name} could not be left`, () => host.leaveInterface(name, tun))
          : attempt(`${name} could not be removed`, () => host.destroyInterface(name, tun)),
      );
      await Promise.all(giveBack);
      this.#deployment.devices.clear();
      await this.#deployment.dispose();
    });
  }

  get #ipsecif(): Databases['ipsecif'] {
    return this.#databases.ipsecif;
  }

  get #sad(): Databases['sad'] {
    return this.#databases.sad;
  }

  /** Run a command: all or nothing, and answered when the workers decide by it. */
  #change<T>(demand: IvDemand, work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return this.#queue.grouped(async (group) => {
      this.#checkRunning();
      return group.change(demand, work);
    });
  }

  /** Run between the commands, not during one. */
  #alone<T>(work: () => Promise<T>): Promise<T> {
    return this.#queue.alone(async () => {
      this.#checkRunning();
      return work();
    });
  }

  /** Tell listeners once it is certain. */
  #announce(transaction: Transaction, change: DatabaseChange, pid: number): void {
    transaction.onCommit(() => this.#events.changed(change, pid));
  }

  #checkRunning(): void {
    if (this.#isStopped) throw new IpsecError('HELPER_UNREACHABLE', 'the gateway has stopped');
  }

  #usageOf(slot: number): AssociationUsage {
    return readUsage(this.#ports.datapath.counters, slot);
  }

  #dumpContext(): { now: number; usageOf: (slot: number) => AssociationUsage; formatTime?: TimeFormatter } {
    const { clock, options } = this.#ports;
    const context = { now: clock.now(), usageOf: (slot: number) => this.#usageOf(slot) };
    return options.formatTime === undefined ? context : { ...context, formatTime: options.formatTime };
  }
}
