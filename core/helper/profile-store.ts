/**
 * Profiles on disk: one file each in a directory of culvertd's own, 0600 in 0700, replaced whole. The name of a file is
 * random and stays, so a rename of the profile is one write as well.
 *
 * Reading never fails for one file's sake: what is broken is renamed and told, what is of a later version, or has the
 * name of another, stays where it is and is told. Nothing is ever deleted but a profile that is to be deleted.
 * @module
 */
import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, lstatSync, openSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { IpsecError } from '#core/base/error.ts';
import { emitStoredProfile, parseStoredProfile } from '#core/profile/stored-profile.ts';
import type { KeptProfile, ProfileStore, SetAsideFile } from '#core/tunnel/profile/profile-ports.ts';
import {
  draftSuffix,
  prepareStateDirectory,
  readStateFile,
  setAside,
  stateError,
  writeStateFile,
} from './state-file.ts';

const fileSuffix = '.json';
const brokenPattern = /\.broken-[0-9]+$/;
const idPattern = /^[0-9a-f]{16}$/;
/** The largest profile that the schema allows is far below it. */
const longestFile = 1024 * 1024;

type Outcome = { readonly kept: KeptProfile } | { readonly aside: SetAsideFile } | null;

/** The `ProfileStore` of culvertd. */
export class FileProfileStore implements ProfileStore {
  readonly #directory: string;

  /** Over `profiles/` in the state directory, which is made if it is not there. @throws {IpsecError} `STATE_UNWRITABLE`. */
  constructor(stateDirectory: string) {
    this.#directory = join(stateDirectory, 'profiles');
    prepareStateDirectory(this.#directory);
  }

  load(): ReturnType<ProfileStore['load']> {
    const profiles: KeptProfile[] = [];
    const aside: SetAsideFile[] = [];
    const names = new Set<string>();
    for (const file of this.#files()) {
      const outcome = this.#read(file);
      if (outcome === null) continue;
      if ('aside' in outcome) aside.push(outcome.aside);
      else if (names.has(outcome.kept.stored.profile.name)) {
        const message = `another file holds a profile "${outcome.kept.stored.profile.name}" as well`;
        aside.push({ file, reason: 'twice', message });
      } else {
        names.add(outcome.kept.stored.profile.name);
        profiles.push(outcome.kept);
      }
    }
    return { profiles, setAside: aside };
  }

  newId(): string {
    return randomBytes(8).toString('hex');
  }

  save({ id, stored }: KeptProfile): void {
    writeStateFile(this.#directory, fileOf(id), emitStoredProfile(stored));
  }

  remove(id: string): void {
    const path = join(this.#directory, fileOf(id));
    try {
      rmSync(path, { force: true });
      const directory = openSync(this.#directory, 'r');
      try {
        fsyncSync(directory);
      } finally {
        closeSync(directory);
      }
    } catch (error) {
      throw stateError(path, error);
    }
  }

  #files(): string[] {
    try {
      return readdirSync(this.#directory).sort();
    } catch (error) {
      throw stateError(this.#directory, error);
    }
  }

  #read(file: string): Outcome {
    if (brokenPattern.test(file)) return { aside: { file, reason: 'broken', message: 'it was set aside before' } };
    if (file.endsWith(`${fileSuffix}${draftSuffix}`))
      return this.#break(file, 'a write of it did not end; the profile is as it was before');
    if (!file.endsWith(fileSuffix)) return null;
    const id = file.slice(0, -fileSuffix.length);
    if (!idPattern.test(id))
      return { aside: { file, reason: 'broken', message: 'its name is not that of a profile’s file' } };
    try {
      return { kept: { id, stored: parseStoredProfile(this.#text(file)) } };
    } catch (error) {
      if (!(error instanceof IpsecError)) throw error;
      if (error.code === 'PROFILE_NEWER') return { aside: { file, reason: 'newer', message: error.message } };
      return this.#break(file, error.message);
    }
  }

  #text(file: string): string {
    const status = lstatSync(join(this.#directory, file));
    if (!status.isFile()) throw new IpsecError('PROFILE_INVALID', 'it is no plain file');
    if (status.size > longestFile) throw new IpsecError('PROFILE_INVALID', `it is longer than ${longestFile} bytes`);
    return readStateFile(this.#directory, file) ?? '';
  }

  /** What cannot even be renamed stays where it is, and is told all the same. */
  #break(file: string, message: string): Outcome {
    try {
      return { aside: { file: setAside(this.#directory, file), reason: 'broken', message } };
    } catch {
      return { aside: { file, reason: 'broken', message } };
    }
  }
}

function fileOf(id: string): string {
  return `${id}${fileSuffix}`;
}
