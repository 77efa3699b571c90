/**
 * What a profile has refused while no tunnel carries it: which networks, from when to when, and what an earlier culvertd has left
 * of it. docs/decisions/0010-profiles-fail-closed.md says why.
 * @module
 */
import { prefixContains, prefixParts, type IpPrefix } from '#core/ip/prefix.ts';
import type { Profile } from '#core/profile/profile.ts';
import type { Gateway } from '#core/tunnel/gateway.ts';
import { carriedNetworks } from './profile-setup.ts';

/** What of a gateway it drives. */
export type RefusalGateway = Pick<Gateway, 'refused' | 'removeLeftInterface'>;

/** The refusals of one profile; `id` is what it holds them by. */
export class ProfileRefusals {
  readonly #gateway: RefusalGateway;
  readonly #id: string;

  constructor(gateway: RefusalGateway, id: string) {
    this.#gateway = gateway;
    this.#id = id;
  }

  /** What is refused where no tunnel carries it. */
  networks(): IpPrefix[] {
    return this.#gateway.refused.of(this.#id);
  }

  /** Before the tunnel is made. Gives what takes it back, for an `up` that is refused. @throws {IpsecError} as `RefusedNetworks.set`. */
  async begin(profile: Profile): Promise<() => Promise<void>> {
    const before = this.networks();
    await this.#set(profile.failClosed === 'never' ? [] : carriedNetworks(profile));
    return () => this.#set(before);
  }

  /** After the tunnel was taken away on purpose; `isLeft`: an earlier culvertd may have left a part of it. @throws {IpsecError} `HOST_*`. */
  async end(profile: Profile, isLeft: boolean): Promise<void> {
    if (isLeft) await this.#removeLeft(profile);
    await this.#set(whileOff(profile));
  }

  /** After an edit: what is up stays as it was made, what is off is as it is saved. @throws {IpsecError} as `RefusedNetworks.set`. */
  follow(profile: Profile, isActive: boolean): Promise<void> {
    if (profile.failClosed === 'never') return this.#set([]);
    if (profile.failClosed === 'while-up') return Promise.resolve();
    const held = this.networks();
    return this.#set(isActive ? [...new Set([...held, ...carriedNetworks(profile)])] : carriedNetworks(profile));
  }

  /** The profile is gone, or culvertd is to leave nothing behind. @throws {IpsecError} `HOST_*`. */
  drop(): Promise<void> {
    return this.#set([]);
  }

  /** A device with its routes, and what kept the peer outside of them: both are left by a culvertd that was killed. */
  async #removeLeft(profile: Profile): Promise<void> {
    await this.#gateway.removeLeftInterface(profile.interface);
    const networks = carriedNetworks(profile);
    const isOf = (destination: IpPrefix): boolean =>
      networks.some((network) => prefixContains(network, prefixParts(destination).address));
    if (networks.length > 0) await this.#gateway.refused.removeWaysOut(({ destination }) => isOf(destination));
  }

  #set(networks: readonly IpPrefix[]): Promise<void> {
    return this.#gateway.refused.set(this.#id, networks);
  }
}

function whileOff(profile: Profile): IpPrefix[] {
  return profile.failClosed === 'always' ? carriedNetworks(profile) : [];
}
