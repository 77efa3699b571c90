/**
 * Interfaces come and go: with a device, a counter slot and the moment since which traffic is that of the tunnel that
 * they have now. A command's mark undoes the databases' part and its transaction the machine's.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import { SlotPool } from '#core/base/slot-pool.ts';
import { interfaceSlots } from '#core/datapath/counters.ts';
import type { Interface } from '#core/ipsecif/interface.ts';
import type { Device } from '#core/tunnel/compile-snapshot.ts';
import type { Databases } from '#core/tunnel/databases.ts';
import type { Deployment } from '#core/tunnel/deployment.ts';
import type { GatewayPorts } from '#core/tunnel/port/gateway-ports.ts';
import type { Transaction } from '#core/tunnel/transaction.ts';
import { removeAssociations } from '#core/tunnel/tunnel-setup.ts';
import type { StepSurroundings } from './interface-steps.ts';

/** What it stands on. */
export type LifecycleSurroundings = Pick<GatewayPorts, 'host' | 'datapath' | 'clock' | 'log'> & {
  readonly databases: Databases;
  readonly deployment: Deployment;
};

/** The interfaces of one machine, as devices. */
export class InterfaceLifecycle {
  readonly #surroundings: LifecycleSurroundings;
  readonly #slots = new SlotPool(1, interfaceSlots);
  readonly #configuredMs = new Map<string, number>();
  /** Interfaces whose devices somebody else has deleted. */
  readonly #lost = new Set<string>();

  constructor(surroundings: LifecycleSurroundings) {
    this.#surroundings = surroundings;
  }

  /** @throws {IpsecError} what `Ipsecif.create` throws, `INTERFACE_LIMIT`, `HOST_*`. */
  async create(name: string, transaction: Transaction): Promise<Device> {
    const { databases, deployment, host, log } = this.#surroundings;
    const { mtu } = databases.ipsecif.create(name);
    const slot = this.#takeSlot(transaction);
    const tun = await host.createInterface(name, mtu);
    transaction.onRollback(() => host.undoCreate(name, tun));
    const device = { slot, tun };
    deployment.devices.set(name, device);
    transaction.onRollback(() => void deployment.devices.delete(name));
    transaction.onCommit(() => log.info('interface created', { name }));
    return device;
  }

  /**
   * Remove an interface (null: none) and associations. The device goes after the workers have let go of it, so this is
   * no part of a transaction: it runs alone. @throws {IpsecError} `INTERFACE_NOT_FOUND`, `HOST_*`; then all is as before.
   */
  async destroy(name: string | null, associationIds: readonly number[]): Promise<void> {
    const { databases, deployment, host } = this.#surroundings;
    if (name !== null) databases.ipsecif.get(name);
    const device = name === null ? undefined : deployment.devices.get(name);
    const mark = databases.mark();
    try {
      removeAssociations(associationIds, databases);
      if (name !== null) {
        databases.ipsecif.destroy(name);
        deployment.devices.delete(name);
      }
      await deployment.publish();
      if (name !== null && device !== undefined) await host.destroyInterface(name, device.tun);
      mark.commit();
    } catch (error) {
      mark.rollback();
      if (name !== null && device !== undefined) deployment.devices.set(name, device);
      await deployment.recover();
      throw error;
    }
    if (name !== null) this.#forget(name, device);
    await deployment.collect();
  }

  /**
   * Take an interface out of the databases and give its device to the caller, who destroys it (`release`) or puts it back
   * (`attach`), both once the workers have let go of it.
   */
  detach(name: string, transaction: Transaction): Device | null {
    const { databases, deployment } = this.#surroundings;
    databases.ipsecif.destroy(name);
    const device = deployment.devices.get(name) ?? null;
    deployment.devices.delete(name);
    if (device !== null) transaction.onRollback(() => void deployment.devices.set(name, device));
    return device;
  }

  /** Make an interface anew over a device that was detached. @throws {IpsecError} what `Ipsecif.create` throws. */
  attach(name: string, device: Device, transaction: Transaction): void {
    const { databases, deployment } = this.#surroundings;
    databases.ipsecif.create(name);
    deployment.devices.set(name, device);
    transaction.onRollback(() => void deployment.devices.delete(name));
  }

  /** Destroy a device that was detached. @throws {IpsecError} `HOST_*`. */
  async release(name: string, device: Device): Promise<void> {
    await this.#surroundings.host.destroyInterface(name, device.tun);
    this.#forget(name, device);
  }

  /** From now on what is counted belongs to another tunnel. */
  noteConfigured(name: string, transaction: Transaction): void {
    const before = this.#configuredMs.get(name) ?? 0;
    this.#configuredMs.set(name, this.#surroundings.clock.now());
    transaction.onRollback(() => void this.#configuredMs.set(name, before));
  }

  /** When the tunnel of an interface was set; 0 for never. */
  configuredMsOf(name: string): number {
    return this.#configuredMs.get(name) ?? 0;
  }

  /** A device is gone that we did not remove. What is left is to destroy its interface and to create it anew. */
  noteLost(token: number): void {
    for (const [name, { tun }] of this.#surroundings.deployment.devices) {
      if (tun !== token || this.#lost.has(name)) continue;
      this.#lost.add(name);
      const message = 'the device was deleted by another program: destroy the interface and create it anew';
      this.#surroundings.log.error(message, { name });
    }
  }

  /** Whether an interface has its device still; without it does not run, whatever it says. */
  hasDevice(name: string): boolean {
    return !this.#lost.has(name);
  }

  /** The interface with this counter slot; null when it is gone. */
  interfaceOf(slot: number): Interface | null {
    const { databases, deployment } = this.#surroundings;
    for (const [name, device] of deployment.devices) if (device.slot === slot) return databases.ipsecif.get(name);
    return null;
  }

  /** What the steps of a command work on. */
  steps(transaction: Transaction): StepSurroundings {
    const { databases, host } = this.#surroundings;
    return {
      ...{ ipsecif: databases.ipsecif, host, transaction },
      create: (name) => this.create(name, transaction),
      onConfigured: (name) => this.noteConfigured(name, transaction),
    };
  }

  #forget(name: string, device: Device | undefined): void {
    this.#configuredMs.delete(name);
    this.#lost.delete(name);
    if (device !== undefined) {
      this.#surroundings.datapath.counters.clearInterface(device.slot);
      this.#slots.release(device.slot);
    }
    this.#surroundings.log.info('interface destroyed', { name });
  }

  #takeSlot(transaction: Transaction): number {
    const slot = this.#slots.take();
    if (slot === null) throw new IpsecError('INTERFACE_LIMIT', `there are ${interfaceSlots - 1} interfaces already`);
    transaction.onRollback(() => this.#slots.release(slot));
    return slot;
  }
}
