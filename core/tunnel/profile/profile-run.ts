/**
 * The life of one profile: up, down, tried again, and moved when the addresses behind its names change. What `up` made
 * is remembered, and `down` takes away exactly that.
 *
 * One attempt at a time. Time comes from outside by `tick`; nothing here waits for a timer.
 * @module
 */
import { errorCatalog } from '#core/base/error-catalog.ts';
import { IpsecError, toWireError } from '#core/base/error.ts';
import type { Clock, Log } from '#core/base/port.ts';
import { prefixContains } from '#core/ip/prefix.ts';
import { isSamePair, type OuterPair } from '#core/ipsecif/outer-pair.ts';
import type { Profile } from '#core/profile/profile.ts';
import type { StoredProfile } from '#core/profile/stored-profile.ts';
import type { DeviceAlteration } from '#core/tunnel/event/device-watch.ts';
import type { Gateway } from '#core/tunnel/gateway.ts';
import type { TunnelHandle } from '#core/tunnel/tunnel-setup.ts';
import type { IpPrefix } from '#core/ip/prefix.ts';
import type { HostRoute } from '#core/tunnel/port/route-port.ts';
import { isUpToDate } from './live-revision.ts';
import { isCrippled, missingRoutes } from './profile-loss.ts';
import type { NameResolver } from './profile-ports.ts';
import { ProfileRefusals, type RefusalGateway } from './profile-refusals.ts';
import { carriedNetworks, toTunnelSetup } from './profile-setup.ts';
import { initialState, retryDelayMs, type ProfilePhase, type ProfileState } from './profile-state.ts';
import { needsResolving, resolveEndpoints } from './resolve-endpoints.ts';

/** What of a gateway profiles drive. */
export type ProfileGateway = RefusalGateway & Pick<Gateway, 'tunnels' | 'view'>;

/** What the life of a profile stands on. */
export type RunSurroundings = {
  readonly gateway: ProfileGateway;
  readonly resolver: NameResolver;
  readonly clock: Clock;
  readonly log: Log;
  /** Told after every change of the state. */
  readonly onChange: () => void;
};

/** How often names are looked up again while the tunnel is heard, and while it is not. */
const resolveAgainMs = 300_000;
const resolveSilentMs = 30_000;
/** How often the way to the peer is looked at that lies outside of the tunnel's own routes. */
const wayOutMs = 10_000;

/** What is in the machine. */
type Running = {
  /** What it was made from, or has become. */
  stored: StoredProfile;
  handle: TunnelHandle;
  outer: OuterPair;
  resolvedMs: number;
  wayOutMs: number;
};

/** What was made, and from what; both null for nothing. */
export type MadeNow = { readonly handle: TunnelHandle | null; readonly profile: Profile | null };

/** One profile's life. */
export class ProfileRun {
  readonly #surroundings: RunSurroundings;
  /** What is refused while no tunnel carries it. */
  readonly refusals: ProfileRefusals;
  #state: ProfileState = initialState;
  #running: Running | null = null;
  /** Rises with each `down`: an attempt that ends under another number is of no use. */
  #generation = 0;
  #attempts = 0;
  #busy: Promise<void> = Promise.resolve();
  #isBusy = false;
  #edited: Promise<void> = Promise.resolve();
  /** Networks whose routes into the tunnel were gone when the routes were last looked at. */
  #missing: readonly IpPrefix[] = [];
  /** What of its device was not as it was made then. */
  #alteration: DeviceAlteration | null = null;

  /** `id` is the profile's own, which stays through renames. */
  constructor(surroundings: RunSurroundings, id: string) {
    this.#surroundings = surroundings;
    this.refusals = new ProfileRefusals(surroundings.gateway, id);
  }

  /** What it is doing. */
  get state(): ProfileState {
    return this.#state;
  }

  /** What it has made; null for nothing, or where somebody has made it anew by hand. */
  get handle(): TunnelHandle | null {
    const handle = this.#running?.handle ?? null;
    return handle !== null && this.#surroundings.gateway.tunnels.holds(handle) ? handle : null;
  }

  /** Whether the tunnel that it has made is in the machine: false also where somebody has deleted its device. */
  get isThere(): boolean {
    const { handle } = this;
    return handle !== null && this.#surroundings.gateway.view.tunnelState(handle.name) !== 'lost';
  }

  /** Networks that it routes into its tunnel, and whose routes another program has removed. */
  get missing(): readonly IpPrefix[] {
    return this.isThere ? this.#missing : [];
  }

  /** What another program has taken from its tunnel's device; null for nothing. */
  get alteration(): DeviceAlteration | null {
    const now = this.#alterationNow();
    // Told together with the routes that went with it, and no longer when it has been made whole since.
    return isCrippled(now) && isCrippled(this.#alteration) ? now : null;
  }

  /** What is in the machine was made from it, or has become it; null while nothing is. */
  get made(): Profile | null {
    return this.#running?.stored.profile ?? null;
  }

  /** The interface that it has made; null for none. */
  get interfaceName(): string | null {
    return this.#running?.handle.name ?? null;
  }

  /** Whether it is up by names, or by what the kernel says, which may change. */
  get followsNames(): boolean {
    return this.#running !== null && needsResolving(this.#running.stored.profile);
  }

  /** Whether anything of it is in the machine, or may come to be without being asked again. */
  get isActive(): boolean {
    return this.#state.phase !== 'off' && this.#state.phase !== 'failed';
  }

  /**
   * Bring it up. What may pass by itself is no refusal: the state is then `retrying`, and says why.
   * @throws {IpsecError} what does not pass by itself; the state is then `failed`. `PROFILE_STOPPED` when `down` came first.
   */
  async up(stored: StoredProfile): Promise<void> {
    const generation = this.#generation;
    await this.#exclusively(async () => {
      if (this.isThere && this.#missing.length === 0 && !isCrippled(this.alteration)) return;
      this.#attempts = 0;
      // Before anything can fail: from here on nothing of it is to leave in the clear.
      const takeBack = await this.refusals.begin(stored.profile);
      try {
        await this.#attempt(stored, generation);
      } catch (error) {
        if (generation === this.#generation) await takeBack();
        throw error;
      }
    });
  }

  /** Take away what `up` made, or an earlier culvertd has left of it, and stop trying. */
  async down({ profile }: StoredProfile): Promise<void> {
    this.#generation++;
    await this.#exclusively(async () => {
      const isLeft = this.#running === null;
      await this.#tearDown();
      await this.refusals.end(profile, isLeft);
      this.#enter('off');
    });
  }

  /** What is saved of it has changed. Begins what that asks for, and logs what goes wrong. */
  edited({ profile }: StoredProfile): void {
    this.#begin(() =>
      this.#logged('what is refused could not be changed', this.refusals.follow(profile, this.isActive)),
    );
    // Nothing changes for those that are refused while up, so nobody has to wait for what is under way.
    if (profile.failClosed !== 'while-up') this.#edited = this.#busy;
  }

  /** Resolves when the machine refuses what the last edit asks for, or it is in the log why not. Never rejects. */
  get followsEdits(): Promise<void> {
    return this.#edited;
  }

  /** Interface and profile were changed together. Where nothing of `saved` waits for the next `up`, it is what is in the machine. */
  noteChanged(saved: StoredProfile): void {
    const running = this.#running;
    if (running === null || this.handle === null) return;
    this.#begin(() => this.#logged('what is refused could not be changed', this.refusals.begin(saved.profile)));
    const { name } = running.handle;
    const record = [...this.#surroundings.gateway.view.records()].find((one) => one.name === name);
    if (record === undefined || !isUpToDate(running.stored, saved, record)) return;
    running.stored = saved;
    this.#state = { ...this.#state, revision: saved.revision };
  }

  /**
   * What the machine's routes were while it was as `made` says (`madeNow`): anything that has changed since is not judged.
   * Gives whether that makes a difference.
   */
  noteRoutes(routes: readonly HostRoute[], before: MadeNow, { profile }: StoredProfile): boolean {
    const running = this.#running;
    if (this.#isBusy || running === null || !isSameMade(before, this.madeNow)) return false;
    // An edit may have taken routes away from a tunnel that still is what it was made from.
    const saved = new Set(carriedNetworks(profile));
    const networks = carriedNetworks(running.stored.profile).filter((network) => saved.has(network));
    const missing = missingRoutes(running.handle.name, networks, routes);
    const isOther = missing.join() !== this.#missing.join();
    this.#missing = missing;
    const wasCrippled = isCrippled(this.#alteration);
    this.#alteration = this.#alterationNow();
    const facts = { interface: running.handle.name, destinations: missing };
    const message = 'another program has removed routes of a profile';
    if (isOther && missing.length > 0) this.#surroundings.log.warn(message, facts);
    return isOther || wasCrippled !== isCrippled(this.#alteration);
  }

  #alterationNow(): DeviceAlteration | null {
    return this.isThere ? this.#surroundings.gateway.view.alterationOf(this.interfaceName ?? '') : null;
  }

  /** What is in the machine at this moment, to be compared with later. */
  get madeNow(): MadeNow {
    return { handle: this.handle, profile: this.made };
  }

  /** Do what is due at `now`. Never rejects, and returns before what it began has ended. */
  tick(stored: StoredProfile, now: number, isSilent: boolean): void {
    if (this.#isBusy) return;
    if (this.#state.nextTryMs !== null && now >= this.#state.nextTryMs) {
      const generation = this.#generation;
      this.#begin(async () => {
        await this.refusals.begin(stored.profile);
        await this.#attempt(stored, generation);
      });
    } else if (this.#running !== null && this.followsNames) {
      const wait = isSilent ? resolveSilentMs : resolveAgainMs;
      const running = this.#running;
      if (now - running.resolvedMs >= wait) this.#begin(() => this.#follow(running));
    }
    this.#followWayOut(now);
  }

  /** Keep the tunnel's packets out of the tunnel when the machine's own way to the peer changes. */
  #followWayOut(now: number): void {
    const running = this.#running;
    if (running === null || this.#isBusy || now - running.wayOutMs < wayOutMs) return;
    running.wayOutMs = now;
    const { outer, stored } = running;
    const routes = carriedNetworks(stored.profile);
    if (!routes.some((route) => prefixContains(route, outer.peer))) return;
    this.#begin(async () => {
      if (this.#running !== running) return;
      const following = this.#surroundings.gateway.tunnels.followWayOut(running.handle, { outer, routes });
      running.handle = await this.#logged('the way to the peer could not be kept', following);
    });
  }

  async #logged<T>(message: string, work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      this.#surroundings.log.warn(message, { error });
      throw error;
    }
  }

  async #attempt(stored: StoredProfile, generation: number): Promise<void> {
    if (generation !== this.#generation) throw this.#stopped(stored);
    const { gateway, resolver, clock, log } = this.#surroundings;
    this.#enter('starting');
    try {
      await this.#tearDown();
      const outer = await resolveEndpoints(stored.profile, resolver);
      if (generation !== this.#generation) throw this.#stopped(stored);
      const handle = await gateway.tunnels.setUp(toTunnelSetup(stored, outer));
      const now = clock.now();
      this.#running = { stored, handle, outer, resolvedMs: now, wayOutMs: now };
      this.#missing = [];
      this.#alteration = null;
      this.#attempts = 0;
      this.#enter('on', { outer, revision: stored.revision });
      log.info('profile is up', { profile: stored.profile.name, interface: handle.name });
    } catch (error) {
      this.#fail(error, stored);
    }
  }

  /** What may pass is tried again later; everything else is the caller's to hear. */
  #fail(error: unknown, { profile }: StoredProfile): void {
    const { clock, log } = this.#surroundings;
    if (error instanceof IpsecError && error.code === 'PROFILE_STOPPED') throw error;
    const isPassing = error instanceof IpsecError && errorCatalog[error.code].retryable;
    const problem = toWireError(error);
    log.warn('profile is not up', { profile: profile.name, error, isTriedAgain: isPassing });
    if (!isPassing) {
      this.#enter('failed', { problem });
      throw error;
    }
    this.#attempts++;
    this.#enter('retrying', { problem, nextTryMs: clock.now() + retryDelayMs(this.#attempts) });
  }

  /** Look the names up again, and go where they lead. What cannot be done now is told, and the tunnel stays as it is. */
  async #follow(running: Running): Promise<void> {
    const { gateway, resolver, clock, log } = this.#surroundings;
    const { stored } = running;
    const generation = this.#generation;
    running.resolvedMs = clock.now();
    try {
      const outer = await resolveEndpoints(stored.profile, resolver);
      if (generation !== this.#generation) return;
      if (!isSamePair(outer, running.outer)) {
        running.handle = await gateway.tunnels.repoint(running.handle, toTunnelSetup(stored, outer));
        running.outer = outer;
        log.info('profile follows its names', { profile: stored.profile.name, local: outer.local, peer: outer.peer });
        this.#stayOn(outer, null);
      } else if (this.#state.problem !== null) this.#stayOn(outer, null);
    } catch (error) {
      log.warn('profile could not follow its names', { profile: stored.profile.name, error });
      this.#stayOn(running.outer, error);
    }
  }

  #stayOn(outer: OuterPair, error: unknown): void {
    this.#state = { ...this.#state, outer, problem: error === null ? null : toWireError(error) };
    this.#surroundings.onChange();
  }

  async #tearDown(): Promise<void> {
    const running = this.#running;
    if (running === null) return;
    const { gateway, log } = this.#surroundings;
    await gateway.tunnels.tearDown(running.handle);
    this.#running = null;
    log.info('profile is down', { profile: running.stored.profile.name, interface: running.handle.name });
  }

  #stopped({ profile }: StoredProfile): IpsecError {
    return new IpsecError('PROFILE_STOPPED', `${profile.name} was taken down before it was up`, { name: profile.name });
  }

  #enter(phase: ProfilePhase, facts: Partial<ProfileState> = {}): void {
    this.#state = { ...initialState, phase, sinceMs: this.#surroundings.clock.now(), ...facts };
    this.#surroundings.onChange();
  }

  #begin(work: () => Promise<unknown>): void {
    this.#exclusively(work).catch((error: unknown) => {
      if (!(error instanceof IpsecError)) this.#surroundings.log.error('a profile failed by a bug', { error });
    });
  }

  /** Run `work` after everything that was begun before it. */
  #exclusively(work: () => Promise<unknown>): Promise<void> {
    const done = this.#busy.then(async () => {
      this.#isBusy = true;
      try {
        await work();
      } finally {
        this.#isBusy = false;
      }
    });
    this.#busy = done.catch(() => {});
    return done;
  }
}

function isSameMade(before: MadeNow, now: MadeNow): boolean {
  return before.handle === now.handle && before.profile === now.profile;
}
