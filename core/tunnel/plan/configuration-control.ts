/**
 * A machine's configuration as a whole: what files would change (`plan`), the change in one step, all of it or nothing
 * (`apply`), and the way back when nobody confirms it in time. Time comes from outside by `tick`.
 *
 * While a change waits to be confirmed, the devices of removed interfaces are kept, out of use, with their addresses and
 * routes, so that the way back finds them; associations that come back go on behind their old sequence numbers.
 * @module
 */
import { IpsecError, toWireError, type WireError } from '#core/base/error.ts';
import type { Clock, Log } from '#core/base/port.ts';
import type { NamedText } from '#core/profile/import/text-kind.ts';
import type { AssociationUsage } from '#core/sad/security-association.ts';
import type { DatabaseChange } from '#core/setkey/database-change.ts';
import type { InterfaceLifecycle } from '#core/tunnel/command/interface-lifecycle.ts';
import type { Databases } from '#core/tunnel/databases.ts';
import type { Deployment } from '#core/tunnel/deployment.ts';
import type { HostPort } from '#core/tunnel/port/host-port.ts';
import type { WayBackStore } from '#core/tunnel/port/way-back-store.ts';
import type { Transaction } from '#core/tunnel/transaction.ts';
import { carryOutSteps, type DetachedDevices } from './carry-out.ts';
import { nothingHeld, type DesiredState, type HeldByProfiles } from './desired-state.ts';
import { carryOutDry, type PlanOutcome } from './file-difference.ts';
import { problemOf, type FileProblem } from './file-problem.ts';
import { WayBackKeeper } from './kept-way-back.ts';
import { machineState, type MachineState } from './machine-state.ts';
import { comparePlan, type Plan } from './plan.ts';
import type { PlanDirection, RevertReason } from './plan-word.ts';
import { forgetKeys, wayBack, withoutHeld } from './way-back.ts';
import { readDesired } from './read-desired.ts';
import { reconcile } from './reconcile.ts';

/** What it stands on. */
export type ConfigurationSurroundings = {
  readonly databases: Databases;
  readonly deployment: Deployment;
  readonly interfaces: InterfaceLifecycle;
  readonly host: HostPort;
  readonly clock: Clock;
  readonly log: Log;
  readonly usageOf: (slot: number) => AssociationUsage;
  /** Run a command of the gateway: all or nothing. */
  readonly change: <T>(work: (transaction: Transaction) => Promise<T>) => Promise<T>;
  /** Run between the commands. */
  readonly alone: <T>(work: () => Promise<T>) => Promise<T>;
  readonly announce: (transaction: Transaction, change: DatabaseChange, pid: number) => void;
  /** In whose name a way back is made. */
  readonly pid: number;
  /** Where the way back outlives this process. */
  readonly wayBackStore: WayBackStore;
  /** Remove a device that an earlier culvertd left. */
  readonly removeLeft: (name: string) => Promise<void>;
};

/** What waits to be confirmed, or became of the last that did. */
export type PendingView = {
  pending: { sinceMs: number; deadlineMs: number } | null;
  /** The last one that was taken back; `problem` is null unless that failed. */
  lastRevert: { atMs: number; why: RevertReason; problem: WireError | null } | null;
};

type Pending = {
  readonly before: DesiredState;
  readonly kept: DetachedDevices;
  readonly sinceMs: number;
  readonly deadlineMs: number;
  /** What it will be taken back for. */
  readonly why: RevertReason;
};

/** How long a way back that failed waits before it is tried again. */
const retryMs = 10_000;

/** The configuration of one gateway. */
export class ConfigurationControl {
  readonly #surroundings: ConfigurationSurroundings;
  #held: () => HeldByProfiles = () => nothingHeld;
  #pending: Pending | null = null;
  #lastRevert: PendingView['lastRevert'] = null;
  /** An apply or a way back is on its way. */
  #isBusy = false;
  readonly #keeper: WayBackKeeper;

  constructor(surroundings: ConfigurationSurroundings) {
    this.#surroundings = surroundings;
    this.#keeper = new WayBackKeeper(surroundings.wayBackStore, surroundings.log);
  }

  /** Say who holds interfaces and associations that no plan may touch. */
  holdBy(held: () => HeldByProfiles): void {
    this.#held = held;
  }

  /** What `apply` would do, or (`from-files`) what leads from the files to what is there. Nothing changes. */
  async plan(files: readonly NamedText[], direction: PlanDirection): Promise<PlanOutcome> {
    const { databases, alone } = this.#surroundings;
    const { problems, desired } = await readDesired(files, databases.ipsecif.settings);
    if (desired === null) return { problems: [...problems], plan: null };
    try {
      return await alone(async () => {
        const present = machineState(databases);
        const mark = databases.mark();
        try {
          await carryOutDry(databases, desired, this.#held());
          const wanted = machineState(databases);
          const [from, to] = direction === 'to-files' ? [present, wanted] : [wanted, present];
          return { problems: [], plan: comparePlan(from, to, desired.notes) };
        } finally {
          mark.rollback();
        }
      });
    } catch (error) {
      return { problems: [refusalOf(error)], plan: null };
    } finally {
      forgetKeys(desired);
    }
  }

  /**
   * Make the machine what the files say: all of it or nothing. `confirmMs`: take it back by itself unless `confirm` comes
   * within that time; null: it stays.
   * @throws {IpsecError} `PLAN_PENDING` while another change waits, `HOST_*`, `STATE_UNWRITABLE`; then nothing has changed.
   */
  async apply(files: readonly NamedText[], confirmMs: number | null, pid: number): Promise<PlanOutcome> {
    const { databases, log } = this.#surroundings;
    if (this.#pending !== null || this.#isBusy) throw new IpsecError('PLAN_PENDING', 'a change waits to be confirmed');
    this.#isBusy = true;
    let desired: DesiredState | null = null;
    try {
      const outcome = await readDesired(files, databases.ipsecif.settings);
      if (outcome.desired === null) return { problems: [...outcome.problems], plan: null };
      desired = outcome.desired;
      const plan = await this.#make(desired, confirmMs, pid);
      log.info('a configuration was applied', { pid, confirmMs, associations: plan.associations.length });
      return { problems: [], plan };
    } catch (error) {
      // What a file asks for and the databases refuse is the file's; what the machine refuses is the caller's to hear.
      if (error instanceof IpsecError && 'file' in error.details) return { problems: [refusalOf(error)], plan: null };
      throw error;
    } finally {
      if (desired !== null) forgetKeys(desired);
      this.#isBusy = false;
    }
  }

  /** Keep what waits. @throws {IpsecError} `PLAN_NOT_PENDING`, `HOST_*` when a removed device does not go. */
  async confirm(): Promise<void> {
    const pending = this.#takePending();
    this.#keeper.drop();
    forgetKeys(pending.before);
    this.#surroundings.log.info('a configuration was confirmed');
    await this.#release(pending.kept);
  }

  /** Take back what waits. @throws {IpsecError} `PLAN_NOT_PENDING`, `HOST_*`; it is then tried again. */
  async revert(why: RevertReason = 'asked'): Promise<void> {
    const pending = this.#takePending();
    const { clock, log, databases, host } = this.#surroundings;
    this.#isBusy = true;
    /** Devices of what the change had added. */
    const gone: DetachedDevices = new Map();
    try {
      const before = withoutHeld(pending.before, this.#held());
      const { pid } = this.#surroundings;
      await this.#surroundings.change((transaction) =>
        this.#carryOut(before, { transaction, pid, kept: gone, back: pending.kept }),
      );
      // What the change has added to a device that an earlier culvertd left.
      for (const { name } of before.interfaces) await host.dropFormerAddresses(name);
      for (const { name } of databases.ipsecif.list()) pending.kept.delete(name);
      this.#keeper.drop();
      forgetKeys(pending.before);
      this.#lastRevert = { atMs: clock.now(), why, problem: null };
      log.warn('a configuration was taken back', { why });
    } catch (error) {
      this.#pending = { ...pending, deadlineMs: clock.now() + retryMs, why };
      this.#lastRevert = { atMs: clock.now(), why, problem: toWireError(error) };
      log.error('a configuration could not be taken back', { why, error });
      throw error;
    } finally {
      this.#isBusy = false;
    }
    await this.#release(pending.kept);
    await this.#release(gone);
  }

  /** What waits. */
  pending(): PendingView {
    const pending = this.#pending;
    return {
      pending: pending === null ? null : { sinceMs: pending.sinceMs, deadlineMs: pending.deadlineMs },
      lastRevert: this.#lastRevert,
    };
  }

  /** Take back what nobody has confirmed in time. Once a second; never rejects. */
  async tick(now: number): Promise<void> {
    if (this.#pending === null || this.#isBusy || now < this.#pending.deadlineMs) return;
    // What went wrong is in the log and in `pending`.
    await this.revert(this.#pending.why).catch(() => undefined);
  }

  /**
   * Take back what waited to be confirmed when culvertd was killed: the configuration of before comes back whole, over the devices
   * that were left. Once, before anything else is asked for; never rejects, and tries again by `tick` what goes wrong.
   */
  async recover(): Promise<void> {
    const taken = this.#keeper.takeUp();
    if (taken === null) return;
    const { databases, clock, log, removeLeft, change } = this.#surroundings;
    log.warn('culvertd was killed while a change waited to be confirmed: the configuration of before comes back');
    const now = clock.now();
    this.#pending = { before: taken.before, kept: new Map(), sinceMs: now, deadlineMs: now + retryMs, why: 'killed' };
    try {
      await change(async () => void databases.ipsecif.setSettings(taken.settings));
      for (const name of taken.added) await removeLeft(name);
      await this.revert('killed');
    } catch (error) {
      log.error('the configuration of before is not back as a whole', { error });
    }
  }

  /** Give kept devices back: the gateway stops. `keeps`: it is not meant to, and the next one takes the change back. */
  async dispose(keeps: boolean): Promise<void> {
    const pending = this.#pending;
    this.#pending = null;
    if (pending === null) return;
    if (!keeps) this.#keeper.drop();
    forgetKeys(pending.before);
    await this.#release(pending.kept);
  }

  async #make(desired: DesiredState, confirmMs: number | null, pid: number): Promise<Plan> {
    const { databases, change, usageOf, clock } = this.#surroundings;
    const kept: DetachedDevices = new Map();
    const { plan, before } = await change(async (transaction) => {
      const present = machineState(databases);
      if (confirmMs !== null) this.#keep(present, desired, transaction);
      await this.#carryOut(desired, { transaction, pid, kept, back: new Map() });
      const plan = comparePlan(present, machineState(databases), desired.notes);
      return { plan, before: confirmMs === null ? null : wayBack(present, plan, usageOf) };
    });
    if (before === null || confirmMs === null) await this.#release(kept);
    else {
      const now = clock.now();
      this.#pending = { before, kept, sinceMs: now, deadlineMs: now + confirmMs, why: 'unconfirmed' };
    }
    return plan;
  }

  /** On the disk before anything changes, so that no moment of being killed is without a way back. */
  #keep(present: MachineState, desired: DesiredState, transaction: Transaction): void {
    const { databases, usageOf } = this.#surroundings;
    this.#keeper.keep(present, desired, this.#held(), { settings: databases.ipsecif.settings, usageOf });
    transaction.onRollback(() => this.#keeper.drop());
  }

  async #carryOut(desired: DesiredState, { transaction, pid, kept, back }: Way): Promise<void> {
    const { databases, deployment, interfaces, host, clock, announce } = this.#surroundings;
    const own = interfaces.steps(transaction);
    // A device that was kept has its addresses and its MTU still.
    const returned = new Set<string>();
    const create = async (name: string): Promise<unknown> => {
      const device = back.get(name);
      if (device === undefined) return own.create(name);
      interfaces.attach(name, device, transaction);
      return void returned.add(name);
    };
    await carryOutSteps(reconcile(databases, desired, this.#held()), {
      ...{ databases, host, transaction, pid, now: clock.now() },
      interface: { ...own, create, host: exceptReturned(host, returned) },
      detach: (name) => {
        const device = interfaces.detach(name, transaction);
        if (device !== null) kept.set(name, device);
      },
      resume: (id, sequence) => deployment.resume(id, sequence),
      announce: (change) => announce(transaction, change, pid),
    });
  }

  /** Destroy devices that the workers have let go of. All of them are tried. */
  async #release(kept: DetachedDevices): Promise<void> {
    const { interfaces, alone, log } = this.#surroundings;
    for (const [name, device] of kept) {
      await alone(() => interfaces.release(name, device)).catch((error: unknown) => {
        log.error('the device of a removed interface could not be destroyed', { name, error });
      });
    }
  }

  #takePending(): Pending {
    const pending = this.#pending;
    if (pending === null || this.#isBusy) throw new IpsecError('PLAN_NOT_PENDING', 'no change waits to be confirmed');
    this.#pending = null;
    return pending;
  }
}

type Way = {
  readonly transaction: Transaction;
  readonly pid: number;
  /** Devices of interfaces that go. */
  readonly kept: DetachedDevices;
  /** Devices of interfaces that come back. */
  readonly back: DetachedDevices;
};

type StepHost = ReturnType<InterfaceLifecycle['steps']>['host'];

function exceptReturned(host: StepHost, returned: ReadonlySet<string>): StepHost {
  return {
    addAddress: async (name, address) => (returned.has(name) ? false : host.addAddress(name, address)),
    removeAddress: async (name, address) => (returned.has(name) ? undefined : host.removeAddress(name, address)),
    setMtu: async (name, mtu) => (returned.has(name) ? undefined : host.setMtu(name, mtu)),
    bringUp: async (name) => (returned.has(name) ? undefined : host.bringUp(name)),
    restoreDevice: async (name, wanted) => (returned.has(name) ? undefined : host.restoreDevice(name, wanted)),
  };
}

function refusalOf(error: unknown): FileProblem {
  if (!(error instanceof IpsecError)) throw error;
  return problemOf(error, { file: String(error.details['file'] ?? ''), line: 1, column: 1 });
}
