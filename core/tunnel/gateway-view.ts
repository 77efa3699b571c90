/**
 * What can be seen of a gateway: its status whole, its interfaces at a glance, what they have counted, and what a change
 * of one would do. Nothing here changes anything.
 * @module
 */
import { AssociationCell } from '#core/datapath/counters.ts';
import type { ReplayWindowView } from '#core/esp/replay-window.ts';
import type { Interface } from '#core/ipsecif/interface.ts';
import type { InterfaceLifecycle } from './command/interface-lifecycle.ts';
import type { Device } from './compile-snapshot.ts';
import type { Databases } from './databases.ts';
import type { Deployment } from './deployment.ts';
import { DeviceWatch, type DeviceAlteration } from './event/device-watch.ts';
import { RestartWatch } from './event/restart-watch.ts';
import { readUsage } from './association-usage.ts';
import { FailureWatch } from './failure-watch.ts';
import type { GatewayPorts } from '#core/tunnel/port/gateway-ports.ts';
import {
  compileGlances,
  compileStatus,
  type GatewayStatus,
  type InterfaceGlance,
  type StatusInput,
} from './gateway-status.ts';
import { previewInterface, type InterfaceChanges, type InterfacePreview } from './preview/interface-preview.ts';
import { selectAssociations, type SelectedAssociations } from './selected-associations.ts';
import type { TunnelState } from './tunnel-state.ts';

/** What a view looks at. */
export type ViewSurroundings = {
  readonly ports: Pick<GatewayPorts, 'clock' | 'datapath' | 'host' | 'options' | 'log'>;
  readonly databases: Databases;
  readonly deployment: Deployment;
  readonly interfaces: InterfaceLifecycle;
  /** Run between the commands, not during one. */
  readonly alone: <T>(work: () => Promise<T>) => Promise<T>;
};

/** The view of one gateway. */
export class GatewayView {
  readonly #surroundings: ViewSurroundings;
  readonly #failures = new FailureWatch();
  readonly #restarts: RestartWatch;
  /** What other programs have changed of devices. */
  readonly alterations: DeviceWatch;
  #selected = new WeakMap<Interface, SelectedAssociations>();
  #selectedVersion = -1;

  constructor(surroundings: ViewSurroundings) {
    this.#surroundings = surroundings;
    const { ports, databases, interfaces, alone } = surroundings;
    this.#restarts = new RestartWatch(ports.log);
    const records = (): Interface[] => [...databases.ipsecif.list()].filter(({ name }) => interfaces.hasDevice(name));
    this.alterations = new DeviceWatch({ host: ports.host, log: ports.log, alone, records });
  }

  /** Everything at this moment. */
  status(): GatewayStatus {
    const now = this.#surroundings.ports.clock.now();
    this.observeFailures(now);
    return compileStatus(this.#input(now));
  }

  /** Every interface with its state and the associations that it uses; failures are as of the last `observeFailures`. */
  glances(): InterfaceGlance[] {
    const input = this.#input(this.#surroundings.ports.clock.now());
    return compileGlances(input, this.#surroundings.databases.ipsecif.list(), (record) => this.#select(record));
  }

  /** What a tunnel does; null where there is no interface of this name. */
  tunnelState(name: string): TunnelState | null {
    const { databases, ports } = this.#surroundings;
    if (!this.#surroundings.deployment.devices.has(name)) return null;
    const records = [databases.ipsecif.get(name)];
    const [glance] = compileGlances(this.#input(ports.clock.now()), records, (record) => this.#select(record));
    return glance?.state ?? null;
  }

  /** What another program has changed of an interface's device; null for nothing. */
  alterationOf(name: string): DeviceAlteration | null {
    const { databases, interfaces } = this.#surroundings;
    const isThere = this.#surroundings.deployment.devices.has(name) && interfaces.hasDevice(name);
    return isThere ? this.alterations.of(databases.ipsecif.get(name)) : null;
  }

  /** Every interface as it is set. */
  records(): Iterable<Interface> {
    return this.#surroundings.databases.ipsecif.list();
  }

  /** Interfaces with their devices, whose slots say where their counters are. */
  devices(): Iterable<readonly [string, Device]> {
    return this.#surroundings.deployment.devices;
  }

  /** What the replay windows of these associations have seen at this moment, of those that have one and are not for sending. */
  async replayWindows(ids: readonly number[]): Promise<(ReplayWindowView & { readonly id: number })[]> {
    const { ports, databases } = this.#surroundings;
    const wanted = new Set(ids);
    const own = new Set(Array.from(databases.ipsecif.list(), ({ outer }) => outer?.local));
    const inbound = Array.from(databases.sad.all())
      // The workers would receive on any association, also on one that we send on.
      .filter(({ id, source, destination }) => wanted.has(id) && (!own.has(source) || own.has(destination)))
      .map(({ id }) => id);
    const windows = await ports.datapath.replayWindows(inbound);
    return windows.flatMap((window, index) => (window === null ? [] : [{ ...window, id: inbound[index] ?? 0 }]));
  }

  /** What a change would do. @throws {IpsecError} `INTERFACE_NOT_FOUND`. */
  previewInterface(name: string, changes: InterfaceChanges): Promise<InterfacePreview> {
    const { alone, databases } = this.#surroundings;
    return alone(async () => previewInterface(name, changes, databases));
  }

  /** Look at the counts of failed checks and replays. */
  observeFailures(now: number): void {
    const { counters } = this.#surroundings.ports.datapath;
    const { sad } = this.#surroundings.databases;
    const failuresOf = (slot: number): number =>
      counters.cells[counters.associationBase(slot) + AssociationCell.authenticationFailures]!;
    this.#failures.observe(sad.all(), failuresOf, now);
    this.#restarts.observe(sad.all(), (slot) => readUsage(counters, slot));
  }

  /** Once for each record and state of the SAD: looks come every second, and changes do not. */
  #select(record: Interface): SelectedAssociations {
    const { sad } = this.#surroundings.databases;
    if (this.#selectedVersion !== sad.version) {
      this.#selected = new WeakMap();
      this.#selectedVersion = sad.version;
    }
    const known = this.#selected.get(record);
    if (known !== undefined) return known;
    const selected = selectAssociations(record, sad);
    this.#selected.set(record, selected);
    return selected;
  }

  #input(now: number): StatusInput {
    const { ports, databases, deployment, interfaces } = this.#surroundings;
    const { datapath, options } = ports;
    return {
      identity: { helperVersion: options.helperVersion, pid: options.pid, datapath: options.datapath },
      now,
      interfaces: databases.ipsecif.list(),
      sad: databases.sad,
      settings: databases.ipsecif.settings,
      policies: () => databases.spd.list(),
      counters: datapath.counters,
      failures: this.#failures,
      slotOf: (name) => deployment.devices.get(name)?.slot ?? 0,
      hasDevice: (name) => interfaces.hasDevice(name),
      configuredMsOf: (name) => interfaces.configuredMsOf(name),
      alteredOf: ({ name }) => this.alterationOf(name),
      placeOf: (record) => deployment.peers.placeOf(record),
    };
  }
}
