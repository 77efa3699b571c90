/**
 * All profiles of a machine: kept in a store, brought up and taken down on a gateway. Whatever changes a profile is on
 * the disk before it is answered; what a running tunnel was made from stays as it is until it comes up anew.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import type { Random } from '#core/base/port.ts';
import type { IpPrefix } from '#core/ip/prefix.ts';
import type { Profile } from '#core/profile/profile.ts';
import { viewSecrets, type ProfileSecrets, type SecretsView } from '#core/profile/profile-secrets.ts';
import type { StoredProfile } from '#core/profile/stored-profile.ts';
import type { InterfaceChange } from '#core/tunnel/command/interface-change.ts';
import type { Gateway } from '#core/tunnel/gateway.ts';
import type { InterfacePreview } from '#core/tunnel/preview/interface-preview.ts';
import type { TunnelState } from '#core/tunnel/tunnel-state.ts';
import type { HeldByProfiles } from '#core/tunnel/plan/desired-state.ts';
import { withRoutes } from './live-revision.ts';
import type { ProfileEvent, ProfileListener } from './profile-event.ts';
import { exportStored, type ExportRequest, type ProfileExport } from './profile-export.ts';
import { ImportShelf, type ImportRequest, type ImportView } from './profile-import.ts';
import type { ProfileStore, SetAsideFile } from './profile-ports.ts';
import { ProfileRegister, type ProfileEdit, type ProfileEntry, type SecretsChoice } from './profile-register.ts';
import { carriedNetworks } from './profile-setup.ts';
import { RouteWatch } from './route-watch.ts';
import { lossOf, madeTunnel, tunnelStateOf } from './profile-loss.ts';
import { ProfileRun, type RunSurroundings } from './profile-run.ts';
import type { ProfileState } from './profile-state.ts';

/** What the profiles stand on. */
export type ControlPorts = Omit<RunSurroundings, 'onChange'> & {
  readonly gateway: Pick<Gateway, 'changes'>;
  readonly store: ProfileStore;
  readonly random: Random;
};

/** A profile as anyone may see it. */
export type ProfileView = ProfileState & {
  readonly id: string;
  readonly profile: Profile;
  readonly savedRevision: number;
  readonly secrets: SecretsView;
  /** What its tunnel does; null unless it is on. */
  readonly tunnelState: TunnelState | null;
  /** Networks of it that the machine refuses at this moment, for no tunnel carries them. */
  readonly refused: string[];
};

/** A change of the interface `name`, and of the profile that it comes from; null where it was made by hand. */
export type InterfaceEdit = {
  readonly name: string;
  readonly change: InterfaceChange;
  readonly edit: ProfileEdit | null;
};

/** The profiles. */
export class ProfileControl {
  readonly #ports: ControlPorts;
  readonly #register: ProfileRegister;
  readonly #listeners = new Set<ProfileListener>();
  readonly #imports: ImportShelf;
  readonly #routes: RouteWatch;
  /** Looks that wait for a command to end. */
  #looks = 0;

  /** Reads the store. @throws {IpsecError} `STATE_UNWRITABLE`. */
  constructor(ports: ControlPorts) {
    this.#ports = ports;
    this.#imports = new ImportShelf(ports);
    this.#routes = new RouteWatch(ports.gateway.refused, ports.log);
    const { store, random } = ports;
    this.#register = new ProfileRegister({ store, random, makeRun: (id, entry) => this.#makeRun(id, entry) });
    for (const { file, reason, message } of this.#register.setAside)
      ports.log.error('a profile is set aside', { file, reason, message });
  }

  /** All, in order of name, and the files that are not among them. */
  list(): { readonly profiles: ProfileView[]; readonly setAside: SetAsideFile[] } {
    const entries = this.#register.entries();
    const states = entries.some(({ run }) => run.isActive) ? this.#tunnelStates() : new Map<string, TunnelState>();
    const profiles = entries.map((entry) => this.#view(entry, states));
    profiles.sort((left, right) => (left.profile.name < right.profile.name ? -1 : 1));
    return { profiles, setAside: [...this.#register.setAside] };
  }

  /** @throws {IpsecError} `PROFILE_NOT_FOUND`. */
  show(name: string): ProfileView {
    return this.#view(this.#register.find(name), this.#tunnelStates());
  }

  /** With its keys: for exports that ask for them, and nothing else. @throws {IpsecError} `PROFILE_NOT_FOUND`. */
  reveal(name: string): StoredProfile {
    return this.#register.find(name).kept.stored;
  }

  /** Files for another system or the other end. The log tells of keys that go out. @throws {IpsecError} as `exportStored`. */
  async export(name: string, request: ExportRequest): Promise<ProfileExport> {
    const { resolver, log } = this.#ports;
    const answer = await exportStored(this.reveal(name), request, resolver);
    const { format, isPeer } = request;
    if (answer.files.some(({ holdsKeys }) => holdsKeys)) {
      log.warn('a profile was exported with its keys', { name, format, isPeer });
    }
    return answer;
  }

  /** @throws {IpsecError} `PROFILE_EXISTS`, `PROFILE_LIMIT`, `STATE_UNWRITABLE`, and what `checkProfile` throws. */
  create(profile: Profile, choice: ProfileSecrets | 'generate'): ProfileView {
    const entry = this.#register.add(profile, choice);
    this.#tell(entry, 'created');
    entry.run.edited(entry.kept.stored);
    return this.show(profile.name);
  }

  /** What was just saved, once the machine refuses what it says, so that one may rely on that. Never rejects. */
  async settled(saved: ProfileView): Promise<ProfileView> {
    const entry = this.#register.byId(saved.id);
    await entry?.run.followsEdits;
    const isThere = entry !== undefined && this.#register.byId(saved.id) !== undefined;
    return isThere ? this.#view(entry, this.#tunnelStates()) : saved;
  }

  /** Read texts of any system, for `saveImport`. */
  readImport(request: ImportRequest): ImportView {
    return this.#imports.read(
      request,
      this.#register.entries().map(({ kept }) => kept.stored.profile),
    );
  }

  /**
   * Save what `readImport` gave, all of it or nothing. `names`: other names, in order; null keeps one.
   * @throws {IpsecError} `IMPORT_TOKEN`, and what `create` throws.
   */
  saveImport(token: string, names: readonly (string | null)[] = []): ProfileView[] {
    return this.#imports.save(token, names, this).map((name) => this.show(name));
  }

  /**
   * Put `profile` in the place of what `name` is at `revision`.
   * @throws {IpsecError} `PROFILE_CHANGED` when it is at another, and what `create` throws.
   */
  edit(name: string, revision: number, profile: Profile, choice: SecretsChoice): ProfileView {
    const { entry, stored } = this.#register.checkEdit({ name, revision, profile }, choice);
    this.#register.replace(entry, stored);
    this.#tell(entry, profile.name === name ? 'edited' : 'renamed');
    return this.show(profile.name);
  }

  /**
   * Change an interface, and with `edit` the profile that it comes from: both or neither. `isCheck`: neither; what is told
   * is the same. @throws {IpsecError} what `InterfaceChanges.make` and `edit` throw.
   */
  changeInterface(request: InterfaceEdit, isCheck: boolean): Promise<InterfacePreview> {
    const { name, edit } = request;
    const { changes } = this.#ports.gateway;
    const made = edit === null ? null : this.#register.find(edit.name).run.made;
    const change = edit === null || made === null ? request.change : withRoutes(request.change, made, edit.profile);
    if (isCheck)
      return changes.preview(name, change, () => void (edit === null || this.#register.checkEdit(edit, 'keep')));
    return changes.make(name, change, (transaction) => {
      if (edit === null) return;
      const { entry, stored } = this.#register.checkEdit(edit, 'keep');
      const before = entry.kept.stored;
      this.#register.replace(entry, stored);
      transaction.onRollback(() => this.#register.replace(entry, before));
      transaction.onCommit(() => {
        entry.run.noteChanged(stored);
        this.#tell(entry, 'edited');
      });
    });
  }

  /** @throws {IpsecError} `PROFILE_NOT_FOUND`, `PROFILE_EXISTS`, `STATE_UNWRITABLE`. */
  rename(name: string, to: string): ProfileView {
    const entry = this.#register.find(name);
    this.#register.checkFree(to, entry);
    const { stored } = entry.kept;
    const renamed = { ...stored, profile: { ...stored.profile, name: to }, revision: stored.revision + 1 };
    this.#register.replace(entry, renamed);
    // Another name alone waits for no `up`.
    if (entry.run.state.revision === stored.revision) entry.run.noteChanged(renamed);
    this.#tell(entry, 'renamed');
    return this.show(to);
  }

  /**
   * It is gone at once; the promise waits until nothing of it is refused any more, and never rejects.
   * @throws {IpsecError} `PROFILE_NOT_FOUND`, `PROFILE_ACTIVE` unless it is off, `STATE_UNWRITABLE`.
   */
  delete(name: string): Promise<void> {
    const entry = this.#register.find(name);
    if (entry.run.isActive) throw new IpsecError('PROFILE_ACTIVE', `${name} is up, or on its way`, { name });
    this.#register.remove(entry);
    this.#tell(entry, 'deleted');
    return this.#dropRefusals(entry);
  }

  /** @throws {IpsecError} `PROFILE_NOT_FOUND`, and what `ProfileRun.up` throws. */
  async up(name: string): Promise<ProfileView> {
    const entry = this.#register.find(name);
    // What it finds complete is left alone, so it has to know.
    if (entry.run.isThere) await this.#lookAtMachine(this.#ports.clock.now());
    await entry.run.up(entry.kept.stored);
    return this.#view(entry, this.#tunnelStates());
  }

  /** @throws {IpsecError} `PROFILE_NOT_FOUND`, `HOST_*`. */
  async down(name: string): Promise<ProfileView> {
    const entry = this.#register.find(name);
    await entry.run.down(entry.kept.stored);
    return this.#view(entry, this.#tunnelStates());
  }

  /**
   * Take over what an earlier culvertd has left refused, refuse what always is, and bring up what is meant to be up when
   * the helper starts. Each failure is in the log, and in the profile's state.
   */
  async start(): Promise<void> {
    const entries = this.#register.entries();
    const networks = new Map(entries.map(({ kept }) => [kept.id, carriedNetworks(kept.stored.profile)]));
    await this.#ports.gateway.refused.adopt(networks).catch((error: unknown) => {
      this.#ports.log.error('what an earlier culvertd has left refused is not known', { error });
    });
    const refusedAlways = await this.#refuseAlways();
    for (const { kept, run } of entries) if (!refusedAlways.has(kept.id)) run.edited(kept.stored);
    const wanted = entries.filter(({ kept }) => kept.stored.profile.startup === 'up');
    await Promise.allSettled(wanted.map(({ kept, run }) => run.up(kept.stored)));
  }

  /** Refuse at once what these profiles always refuse. Gives whose is refused now: nobody's, where one of them cannot have it. */
  #refuseAlways(): Promise<ReadonlyMap<string, readonly IpPrefix[]>> {
    const profiles = this.#register.entries().map(({ kept }) => [kept.id, kept.stored.profile] as const);
    const always = profiles.filter(([, { failClosed }]) => failClosed === 'always');
    const networks = new Map(always.map(([id, profile]) => [id, carriedNetworks(profile)]));
    // Each is then tried by itself, and says in the log what is wrong with it.
    return this.#ports.gateway.refused.addAll(networks).then(
      () => networks,
      () => new Map<string, readonly IpPrefix[]>(),
    );
  }

  /** Retries, names, routes, tunnels' states. Once a second; never throws. When it is due by time alone; infinite for never. */
  tick(now: number): number {
    const active = this.#register.entries().filter(({ run }) => run.isActive);
    const needsRoutes = active.length > 0 || this.refusing().length > 0;
    if (this.#routes.isDue(now) && needsRoutes && this.#looks === 0) void this.#lookAtMachine(now);
    const nextLookMs = needsRoutes ? this.#routes.nextLookMs : Infinity;
    if (active.length === 0) return nextLookMs;
    // It looks at every interface: only where somebody listens, or names may have to be followed.
    const needsStates = this.#listeners.size > 0 || active.some(({ run }) => run.followsNames);
    const states = needsStates ? this.#tunnelStates() : new Map<string, TunnelState>();
    for (const entry of active) {
      const state = tunnelStateOf(entry, states);
      entry.run.tick(entry.kept.stored, now, state === 'hears-nothing' || state === 'errors');
      if (state !== entry.toldState) this.#tell(entry, 'state');
    }
    return Math.min(nextLookMs, ...active.map(({ run }) => run.state.nextTryMs ?? Infinity));
  }

  /** Whether the machine still has devices and routes as profiles rely on them. Never rejects. */
  async #lookAtMachine(now: number): Promise<void> {
    this.#looks++;
    await this.#ports.gateway.view.alterations.look(now);
    this.#looks--;
    const looked = this.#register.entries().map((entry) => ({ entry, before: entry.run.madeNow }));
    const routes = await this.#routes.look(now);
    if (routes === null) return;
    for (const { entry, before } of looked) {
      if (entry.run.noteRoutes(routes, before, entry.kept.stored)) this.#tell(entry, 'state');
    }
  }

  /** Names of the profiles whose networks stay refused when culvertd ends. */
  refusing(): string[] {
    const held = this.#register.entries().filter(({ run }) => run.refusals.networks().length > 0);
    return held.map(({ kept }) => kept.stored.profile.name);
  }

  /** Leave nothing refused: for a culvertd that is to leave nothing behind. Never rejects. */
  async dropRefusals(): Promise<void> {
    await Promise.all(this.#register.entries().map((entry) => this.#dropRefusals(entry)));
  }

  /** What tunnels that are up have made: nobody else is to change it. */
  held(): HeldByProfiles {
    const handles = this.#register.entries().flatMap(({ run }) => run.handle ?? []);
    return {
      interfaces: new Set(handles.map(({ name }) => name)),
      associations: new Set(handles.flatMap(({ associations }) => associations)),
    };
  }

  /** Hear every event from now on; gives what ends that. */
  subscribe(listener: ProfileListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #makeRun(id: string, entry: () => ProfileEntry): ProfileRun {
    const { gateway, resolver, clock, log } = this.#ports;
    return new ProfileRun({ gateway, resolver, clock, log, onChange: () => this.#tell(entry(), 'state') }, id);
  }

  async #dropRefusals({ kept, run }: ProfileEntry): Promise<void> {
    await run.refusals.drop().catch((error: unknown) => {
      this.#ports.log.error('networks of a profile are still refused', { name: kept.stored.profile.name, error });
    });
  }

  #tunnelStates(): ReadonlyMap<string, TunnelState> {
    return new Map(this.#ports.gateway.view.glances().map(({ record, state }) => [record.name, state]));
  }

  #tunnelStateNow({ run }: ProfileEntry): TunnelState | null {
    if (run.state.phase !== 'on') return null;
    if (run.handle === null) return 'lost';
    return this.#ports.gateway.view.tunnelState(run.interfaceName ?? '') ?? 'lost';
  }

  #view(entry: ProfileEntry, states: ReadonlyMap<string, TunnelState>): ProfileView {
    const { kept, run } = entry;
    const { profile, secrets, revision } = kept.stored;
    const tunnelState = tunnelStateOf(entry, states);
    const isOn = tunnelState !== null;
    const lost = isOn ? lossOf(madeTunnel(entry, tunnelState)) : null;
    const held = run.refusals.networks();
    const uncarried = isOn && tunnelState !== 'lost' ? run.missing : held;
    return {
      ...{ id: kept.id, profile, savedRevision: revision, secrets: viewSecrets(secrets), ...run.state, tunnelState },
      problem: lost ?? run.state.problem,
      refused: held.filter((network) => uncarried.includes(network)),
    };
  }

  #tell(entry: ProfileEntry, change: ProfileEvent['change']): void {
    if (this.#listeners.size === 0) return;
    const tunnelState = this.#tunnelStateNow(entry);
    entry.toldState = tunnelState;
    const { id, stored } = entry.kept;
    const { phase } = entry.run.state;
    const atMs = this.#ports.clock.now();
    const event: ProfileEvent = { kind: 'profile', atMs, change, id, name: stored.profile.name, phase, tunnelState };
    for (const listener of this.#listeners) listener(event);
  }
}
