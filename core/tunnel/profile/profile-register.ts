/**
 * The profiles that are saved, each under a name of its own, with what runs of it. Whatever changes one is in the store
 * before it is here.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import type { Random } from '#core/base/port.ts';
import { generateSecrets } from '#core/profile/manual-keys.ts';
import { checkProfile } from '#core/profile/profile-check.ts';
import type { ProfileSecrets } from '#core/profile/profile-secrets.ts';
import type { Profile } from '#core/profile/profile.ts';
import type { StoredProfile } from '#core/profile/stored-profile.ts';
import type { TunnelState } from '#core/tunnel/tunnel-state.ts';
import type { KeptProfile, ProfileStore, SetAsideFile } from './profile-ports.ts';
import type { ProfileRun } from './profile-run.ts';

/** One of them. */
export type ProfileEntry = { kept: KeptProfile; readonly run: ProfileRun; toldState: TunnelState | null };

/** Keys to go with a profile: given, made by the helper, or, when it is edited, those that it has. */
export type SecretsChoice = ProfileSecrets | 'generate' | 'keep';

/** A profile to be put in the place of what `name` is at `revision`. */
export type ProfileEdit = { readonly name: string; readonly revision: number; readonly profile: Profile };

/** What the register stands on. */
export type RegisterPorts = {
  readonly store: ProfileStore;
  readonly random: Random;
  /** What runs of the profile with this id, which is down; `entry` gives its place here once it has one. */
  readonly makeRun: (id: string, entry: () => ProfileEntry) => ProfileRun;
};

/** More would make a listing slow for no use. */
const mostProfiles = 4096;

/** All profiles. */
export class ProfileRegister {
  readonly #ports: RegisterPorts;
  readonly #entries = new Map<string, ProfileEntry>();
  /** Files of the store that are not among them. */
  readonly setAside: readonly SetAsideFile[];

  /** Reads the store. @throws {IpsecError} `STATE_UNWRITABLE`. */
  constructor(ports: RegisterPorts) {
    this.#ports = ports;
    const { profiles, setAside } = ports.store.load();
    this.setAside = setAside;
    for (const kept of profiles) this.#enter(kept);
  }

  /** All of them, in no order that means something. */
  entries(): ProfileEntry[] {
    return [...this.#entries.values()];
  }

  /** By its name. @throws {IpsecError} `PROFILE_NOT_FOUND`. */
  find(name: string): ProfileEntry {
    const wanted = name.normalize('NFC');
    for (const entry of this.#entries.values()) if (entry.kept.stored.profile.name === wanted) return entry;
    throw new IpsecError('PROFILE_NOT_FOUND', `there is no profile "${name.slice(0, 64)}"`, { field: 'name' });
  }

  /** By its id; undefined once it is deleted. */
  byId(id: string): ProfileEntry | undefined {
    return this.#entries.get(id);
  }

  /** Refuse a name that another than `except` has. @throws {IpsecError} `PROFILE_EXISTS`. */
  checkFree(name: string, except: ProfileEntry | null): void {
    for (const entry of this.#entries.values()) {
      if (entry === except || entry.kept.stored.profile.name !== name) continue;
      throw new IpsecError('PROFILE_EXISTS', `there is a profile "${name}" already`, { field: 'name' });
    }
  }

  /** Save a new one. @throws {IpsecError} `PROFILE_EXISTS`, `PROFILE_LIMIT`, `STATE_UNWRITABLE`, and what `checkProfile` throws. */
  add(profile: Profile, choice: ProfileSecrets | 'generate'): ProfileEntry {
    this.checkFree(profile.name, null);
    if (this.#entries.size >= mostProfiles) {
      throw new IpsecError('PROFILE_LIMIT', `there are ${mostProfiles} profiles already`);
    }
    const secrets = choice === 'generate' ? generateSecrets(profile.keys, this.#ports.random) : choice;
    checkProfile(profile, secrets);
    const kept = { id: this.#ports.store.newId(), stored: { profile, secrets, revision: 1 } };
    this.#ports.store.save(kept);
    return this.#enter(kept);
  }

  /** What an edit would put in the place of a profile. @throws {IpsecError} `PROFILE_CHANGED`, and what `add` throws. */
  checkEdit(
    { name, revision, profile }: ProfileEdit,
    choice: SecretsChoice,
  ): { readonly entry: ProfileEntry; readonly stored: StoredProfile } {
    const entry = this.find(name);
    const { stored } = entry.kept;
    if (stored.revision !== revision) {
      const message = `${name} is at revision ${stored.revision}, not ${revision}: somebody has changed it`;
      throw new IpsecError('PROFILE_CHANGED', message, { revision: stored.revision });
    }
    this.checkFree(profile.name, entry);
    const secrets = this.#choose(choice, profile, stored.secrets);
    checkProfile(profile, secrets);
    return { entry, stored: { profile, secrets, revision: revision + 1 } };
  }

  /** Save what one is from now on. @throws {IpsecError} `STATE_UNWRITABLE`. */
  replace(entry: ProfileEntry, stored: StoredProfile): void {
    const kept = { id: entry.kept.id, stored };
    this.#ports.store.save(kept);
    entry.kept = kept;
    entry.run.edited(stored);
  }

  /** Forget one. @throws {IpsecError} `STATE_UNWRITABLE`. */
  remove({ kept }: ProfileEntry): void {
    this.#ports.store.remove(kept.id);
    this.#entries.delete(kept.id);
  }

  #enter(kept: KeptProfile): ProfileEntry {
    const entry: ProfileEntry = { kept, run: this.#ports.makeRun(kept.id, () => entry), toldState: null };
    this.#entries.set(kept.id, entry);
    return entry;
  }

  #choose(choice: SecretsChoice, profile: Profile, present: ProfileSecrets): ProfileSecrets {
    if (choice === 'keep') return present;
    return choice === 'generate' ? generateSecrets(profile.keys, this.#ports.random) : choice;
  }
}
