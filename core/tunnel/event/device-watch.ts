/**
 * Looks whether devices are still as their interfaces say: up, with all addresses and the MTU. What another program has
 * changed is told and not undone, for whoever did it may have meant it (docs/decisions/0010-profiles-fail-closed.md); bringing
 * the interface up makes it whole. A device that is gone is noticed by the workers at once, and is no matter of this.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import type { Log } from '#core/base/port.ts';
import { isSameValue } from '#core/base/same-value.ts';
import type { IpAddress } from '#core/ip/address.ts';
import type { Interface } from '#core/ipsecif/interface.ts';
import type { DeviceShape, HostPort } from '#core/tunnel/port/host-port.ts';
import { LookPace } from './look-pace.ts';

/** What another program has changed of a device. */
export type DeviceAlteration = {
  isDown: boolean;
  /** Inner addresses that it has no more. */
  missing: IpAddress[];
  /** The MTU that it has instead of the interface's; null where that is as it is to be. */
  mtu: number | null;
};

/** What it stands on. */
export type DeviceWatchSurroundings = {
  readonly host: Pick<HostPort, 'findAltered'>;
  readonly log: Log;
  /** Interfaces whose devices are there. */
  readonly records: () => Iterable<Interface>;
  /** Run between the commands, not during one. */
  readonly alone: <T>(work: () => Promise<T>) => Promise<T>;
};

/** What was found, and the interface as it was then: what has been asked of it since may have made it whole. */
type Found = { readonly record: Interface; readonly alteration: DeviceAlteration };

/** The watch over all devices of a gateway. */
export class DeviceWatch {
  readonly #surroundings: DeviceWatchSurroundings;
  #altered: ReadonlyMap<string, Found> = new Map();
  readonly #pace = new LookPace();
  #isFailing = false;

  constructor(surroundings: DeviceWatchSurroundings) {
    this.#surroundings = surroundings;
  }

  /** What was found when it last looked; null for nothing, and where the interface was changed since. */
  of(record: Interface): DeviceAlteration | null {
    const found = this.#altered.get(record.name);
    return found?.record === record ? found.alteration : null;
  }

  /** Whether the last look is long enough ago. */
  isDue(now: number): boolean {
    return this.#pace.isDue(now);
  }

  /** When it is due; infinite for never, while there is nothing to look at. */
  get nextLookMs(): number {
    const [first] = this.#surroundings.records();
    return first === undefined ? Infinity : this.#pace.nextMs;
  }

  /** Look at every device. Never rejects. */
  look(now: number): Promise<void> {
    return this.#pace.look(now, () => this.#compareAll());
  }

  async #compareAll(): Promise<void> {
    const { host, alone, records, log } = this.#surroundings;
    try {
      await alone(async () => {
        const known = new Map(Array.from(records(), (record) => [record.name, record]));
        const wanted = new Map(Array.from(known, ([name, record]) => [name, shapeOf(record)]));
        const shapes = wanted.size === 0 ? wanted : await host.findAltered(wanted);
        this.#note(Array.from(shapes, ([name, shape]) => compare(known.get(name), shape)).filter(isAny));
      });
      this.#isFailing = false;
    } catch (error) {
      const isStopping = error instanceof IpsecError && error.code === 'HELPER_UNREACHABLE';
      if (!isStopping && !this.#isFailing) log.warn('devices could not be looked at', { error });
      this.#isFailing = true;
    }
  }

  #note(all: readonly Found[]): void {
    for (const { record, alteration } of all) {
      if (isSameValue(this.#altered.get(record.name)?.alteration, alteration)) continue;
      const fields = { name: record.name, ...alteration };
      this.#surroundings.log.warn('another program has changed the device of an interface', fields);
    }
    this.#altered = new Map(all.map((found) => [found.record.name, found]));
  }
}

/** What the device of an interface is to be like: it is up whatever the interface is (docs/decisions/0005-devices-outlive-a-killed-helper.md). */
export function shapeOf({ mtu, addresses }: Interface): DeviceShape {
  return { isUp: true, mtu, addresses };
}

function isAny(found: Found | null): found is Found {
  if (found === null) return false;
  const { isDown, missing, mtu } = found.alteration;
  return isDown || missing.length > 0 || mtu !== null;
}

function compare(record: Interface | undefined, { isUp, mtu, addresses }: DeviceShape): Found | null {
  if (record === undefined) return null;
  const present = new Set(addresses.map(({ address }) => address));
  const missing = record.addresses.map(({ address }) => address).filter((address) => !present.has(address));
  return { record, alteration: { isDown: !isUp, missing, mtu: mtu === record.mtu ? null : mtu } };
}
