/**
 * What profiles need of the machine: a place to keep them, and answers about names and addresses.
 * core/helper/profile-store.ts and core/helper/name-resolver.ts implement it.
 * @module
 */
import type { IpAddress } from '#core/ip/address.ts';
import type { StoredProfile } from '#core/profile/stored-profile.ts';

/** A profile with the name of its file, which never changes. */
export type KeptProfile = { readonly id: string; readonly stored: StoredProfile };

/** A file that is not among the profiles, and why. It is never destroyed. */
export type SetAsideFile = {
  /** As it is called now, in the directory of the profiles. */
  readonly file: string;
  /** broken: no profile can be read from it; newer: of a later Culvert; twice: its name is taken by another file. */
  readonly reason: 'broken' | 'newer' | 'twice';
  /** What is wrong; no value of the file is repeated. */
  readonly message: string;
};

/** Where profiles are kept. Everything is on the disk when a call returns. */
export type ProfileStore = {
  /** Read all. What cannot be read is set aside and told. @throws {IpsecError} `STATE_UNWRITABLE`. */
  load(): { readonly profiles: readonly KeptProfile[]; readonly setAside: readonly SetAsideFile[] };
  /** A name for a new file. */
  newId(): string;
  /** Write one whole, or leave it as it was. @throws {IpsecError} `STATE_UNWRITABLE`. */
  save(kept: KeptProfile): void;
  /** @throws {IpsecError} `STATE_UNWRITABLE`. */
  remove(id: string): void;
};

/** Answers about names and addresses. */
export type NameResolver = {
  /** Addresses of a host name, the preferred one first. @throws {IpsecError} `PROFILE_UNRESOLVED`. */
  lookup(name: string): Promise<readonly IpAddress[]>;
  /** The own address that the kernel uses towards another. @throws {IpsecError} `PROFILE_UNRESOLVED`. */
  sourceTowards(peer: IpAddress): Promise<IpAddress>;
};
