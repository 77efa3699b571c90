/**
 * Profiles over a fake machine: a store in memory, and a resolver that answers what a test tells it to.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import { parseIpAddress, type IpAddress } from '#core/ip/address.ts';
import { emitStoredProfile, parseStoredProfile } from '#core/profile/stored-profile.ts';
import { ProfileControl } from '#core/tunnel/profile/profile-control.ts';
import type { ProfileEvent } from '#core/tunnel/profile/profile-event.ts';
import type { NameResolver, ProfileStore } from '#core/tunnel/profile/profile-ports.ts';
import { FakeMachine } from '#test/support/fake-machine.ts';

/** A store whose files are texts. */
export class MemoryProfileStore implements ProfileStore {
  readonly files = new Map<string, string>();
  isFailing = false;
  #next = 1;

  load(): ReturnType<ProfileStore['load']> {
    return { profiles: [...this.files].map(([id, text]) => ({ id, stored: parseStoredProfile(text) })), setAside: [] };
  }

  newId(): string {
    return String(this.#next++);
  }

  save({ id, stored }: Parameters<ProfileStore['save']>[0]): void {
    if (this.isFailing) throw new IpsecError('STATE_UNWRITABLE', 'refused');
    this.files.set(id, emitStoredProfile(stored));
  }

  remove(id: string): void {
    if (this.isFailing) throw new IpsecError('STATE_UNWRITABLE', 'refused');
    this.files.delete(id);
  }
}

/** A resolver with a table. */
export class FakeResolver implements NameResolver {
  readonly names = new Map<string, readonly string[]>();
  source = '192.0.2.1';
  questions = 0;
  /** A lookup waits for it. */
  gate: Promise<void> = Promise.resolve();

  async lookup(name: string): Promise<readonly IpAddress[]> {
    this.questions++;
    await this.gate;
    const addresses = this.names.get(name);
    if (addresses === undefined) throw new IpsecError('PROFILE_UNRESOLVED', `${name} cannot be resolved`);
    return addresses.map(parseIpAddress);
  }

  async sourceTowards(_peer: IpAddress): Promise<IpAddress> {
    return parseIpAddress(this.source);
  }
}

/** All of it, and what was told. */
export class FakeProfiles {
  readonly machine = new FakeMachine();
  readonly store: MemoryProfileStore;
  readonly resolver = new FakeResolver();
  readonly events: ProfileEvent[] = [];
  readonly control: ProfileControl;

  constructor(store = new MemoryProfileStore()) {
    const { machine, resolver } = this;
    this.store = store;
    let byte = 0;
    this.control = new ProfileControl({
      ...{ store, resolver, gateway: machine.gateway },
      clock: { now: () => machine.now },
      random: { fill: (out) => void out.forEach((_value, index) => (out[index] = ++byte & 0xff)) },
      log: {
        info: (message, fields = {}) => void machine.lines.push({ level: 'info', message, fields }),
        warn: (message, fields = {}) => void machine.lines.push({ level: 'warn', message, fields }),
        error: (message, fields = {}) => void machine.lines.push({ level: 'error', message, fields }),
      },
    });
    this.control.subscribe((event) => void this.events.push(event));
  }

  /** Let `seconds` pass, and what they bring be done. */
  async pass(seconds: number): Promise<void> {
    this.machine.now += seconds * 1000;
    this.control.tick(this.machine.now);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
