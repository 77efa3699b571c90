/**
 * Imports in two steps: texts become profiles that are shown without their keys, and a token; with the token they are
 * saved, all of them or none. Keys stay here in between, for ten minutes at most.
 * @module
 */
import { toHex } from '#core/base/bytes.ts';
import { IpsecError } from '#core/base/error.ts';
import type { Clock, Random } from '#core/base/port.ts';
import { importFiles } from '#core/profile/import/import-files.ts';
import type { ImportFormat } from '#core/profile/import/import-format.ts';
import type { ImportedProfile } from '#core/profile/import/assemble.ts';
import type { Unmapped } from '#core/profile/import/imported.ts';
import type { NamedText } from '#core/profile/import/text-kind.ts';
import { generateSecrets } from '#core/profile/manual-keys.ts';
import { checkProfile } from '#core/profile/profile-check.ts';
import type { Profile } from '#core/profile/profile.ts';
import type { ProfileControl } from './profile-control.ts';

/** An import that waits to be saved. */
export type ImportView = {
  /** Null where there is nothing to save. */
  token: string | null;
  /** By which more files of the same machine join these. */
  texts: string;
  profiles: {
    profile: Profile;
    /** Whether the texts have its keys; otherwise new ones are made, and the other end needs them, too. */
    hasKeys: boolean;
    /** Why it cannot be saved as it is; null when it can. */
    conflict: string | null;
    /** What to know although it can be saved: another profile with the same interface. */
    warning: string | null;
  }[];
  unmapped: Unmapped[];
};

/** Texts to be read: `format` is null where each says by itself what it is, `joins` where they stand alone. */
export type ImportRequest = {
  readonly files: readonly NamedText[];
  readonly format: ImportFormat | null;
  readonly joins: string | null;
};

/** Where imports are saved. */
export type SavedProfiles = Pick<ProfileControl, 'create' | 'delete'>;

/** How long keys are kept for who has not decided yet, and for how many imports. */
const keptMs = 600_000;
const mostKept = 16;

type Kept = {
  readonly profiles: readonly ImportedProfile[];
  /** What they were read from; none once they were taken. */
  readonly files: readonly NamedText[];
  readonly untilMs: number;
};

/** Imports that wait. */
export class ImportShelf {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #kept = new Map<string, Kept>();

  constructor(ports: { readonly clock: Clock; readonly random: Random }) {
    this.#clock = ports.clock;
    this.#random = ports.random;
  }

  /**
   * Read texts, and with `joins` those of an earlier answer with them; `present` are the profiles that there are.
   * @throws {IpsecError} `IMPORT_TOKEN`.
   */
  read({ files: added, format, joins }: ImportRequest, present: readonly Profile[]): ImportView {
    this.#forgetOld();
    const files = [...this.#takeFiles(joins, added), ...added];
    const { profiles, unmapped } = importFiles(files, format, this.#random);
    const texts = this.#keep(profiles, files);
    const token = profiles.length === 0 ? null : texts;
    const views = profiles.map(({ profile, secrets }) => ({
      ...{ profile, hasKeys: secrets !== null },
      conflict: conflictOf(profile, secrets, present),
      warning: warningOf(profile, present),
    }));
    return { token, texts, profiles: views, unmapped: [...unmapped] };
  }

  /**
   * Save what a token stands for, under other names where `names` has some; gives the names. What cannot be saved stays here:
   * under another name it may be. @throws {IpsecError} `IMPORT_TOKEN`, and what `saved.create` throws.
   */
  save(token: string, names: readonly (string | null)[], saved: SavedProfiles): string[] {
    this.#forgetOld();
    const kept = this.#kept.get(token);
    if (kept === undefined || kept.profiles.length === 0) throw unknownToken('token');
    this.#kept.delete(token);
    const created: string[] = [];
    try {
      for (const [index, { profile, secrets }] of kept.profiles.entries()) {
        const name = names[index] ?? profile.name;
        saved.create({ ...profile, name }, secrets ?? 'generate');
        created.push(name);
      }
    } catch (error) {
      for (const name of created) void saved.delete(name);
      this.#kept.set(token, { profiles: kept.profiles, files: [], untilMs: this.#clock.now() + keptMs });
      throw error;
    }
    return created;
  }

  /** The files of an earlier answer but for those that are there anew; they are kept no longer. */
  #takeFiles(token: string | null, added: readonly NamedText[]): readonly NamedText[] {
    if (token === null) return [];
    const kept = this.#kept.get(token);
    if (kept === undefined) throw unknownToken('joins');
    this.#kept.delete(token);
    return kept.files.filter(({ name }) => !added.some((file) => file.name === name));
  }

  #keep(profiles: readonly ImportedProfile[], files: readonly NamedText[]): string {
    const bytes = new Uint8Array(16);
    this.#random.fill(bytes);
    const token = toHex(bytes);
    this.#kept.set(token, { profiles, files, untilMs: this.#clock.now() + keptMs });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > mostKept && oldest !== undefined) this.#kept.delete(oldest);
    return token;
  }

  #forgetOld(): void {
    const now = this.#clock.now();
    for (const [token, { untilMs }] of this.#kept) if (now >= untilMs) this.#kept.delete(token);
  }
}

function unknownToken(field: string): IpsecError {
  return new IpsecError('IMPORT_TOKEN', 'no import waits under this token', { field });
}

function conflictOf(profile: Profile, secrets: ImportedProfile['secrets'], present: readonly Profile[]): string | null {
  if (present.some(({ name }) => name === profile.name)) return `there is a profile "${profile.name}" already`;
  try {
    checkProfile(profile, secrets ?? generateSecrets(profile.keys, { fill: (out) => void out.fill(0) }));
    return null;
  } catch (error) {
    if (error instanceof IpsecError) return error.message;
    throw error;
  }
}

function warningOf({ interface: name }: Profile, present: readonly Profile[]): string | null {
  const other = present.find((each) => each.interface === name);
  return other === undefined ? null : `${other.name} has ${name} as well: only one of them can be up`;
}
