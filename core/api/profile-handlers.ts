/**
 * From the methods about profiles to the profiles of the machine.
 * @module
 */
import { given } from '#core/base/given.ts';
import { IpsecError } from '#core/base/error.ts';
import { parsePrefix } from '#core/ip/prefix.ts';
import { parseInterfaceUnit } from '#core/ipsecif/interface.ts';
import type { ProfileControl, ProfileView } from '#core/tunnel/profile/profile-control.ts';
import { optionCommands } from './sysctl-names.ts';
import type { Params, Result } from './contract.ts';
import type { ProfileMethod } from './profile-contract.ts';

/** What of the profiles the API drives. */
export type ProfileTarget = Pick<
  ProfileControl,
  | 'list'
  | 'show'
  | 'create'
  | 'edit'
  | 'changeInterface'
  | 'rename'
  | 'delete'
  | 'export'
  | 'readImport'
  | 'saveImport'
  | 'settled'
  | 'up'
  | 'down'
>;

type ProfileHandlers = {
  readonly [M in ProfileMethod]: (profiles: ProfileTarget, params: Params<M>) => Promise<Result<M>> | Result<M>;
};

/** One handler for each method. */
export const profileHandlers: ProfileHandlers = {
  'profile.list': (profiles) => {
    const { profiles: views, setAside } = profiles.list();
    return { profiles: views.map(toAnswer), setAside };
  },
  'profile.show': (profiles, { name }) => toAnswer(profiles.show(name)),
  'profile.create': async (profiles, { profile, secrets }) =>
    toAnswer(await profiles.settled(profiles.create(profile, secrets))),
  'profile.edit': async (profiles, { name, revision, profile, secrets }) =>
    toAnswer(await profiles.settled(profiles.edit(name, revision, profile, secrets))),
  'interface.change': async (
    profiles,
    { name, ifconfig, options, addedRoutes, removedRoutes, profile: edit, isCheck },
  ) => {
    parseInterfaceUnit(name);
    const change = {
      ...{ ifconfig, options: given(options) },
      addedRoutes: addedRoutes.map((text) => parsePrefix(text)),
      removedRoutes: removedRoutes.map((text) => parsePrefix(text)),
    };
    const outcome = await profiles.changeInterface({ name, change, edit }, isCheck);
    return { ...outcome, commands: [...outcome.commands, ...optionCommands(name, change.options)] };
  },
  'profile.rename': (profiles, { name, to }) => toAnswer(profiles.rename(name, to)),
  'profile.delete': async (profiles, { name }) => {
    await profiles.delete(name);
    return {};
  },
  'profile.export': async (profiles, { name, ...request }) => {
    const { files, notes } = await profiles.export(name, request);
    return { files: [...files], notes: [...notes] };
  },
  'profile.import': (profiles, request) => profiles.readImport(request),
  'profile.saveImport': async (profiles, { token, names }) => {
    const saved = profiles.saveImport(token, names);
    return { profiles: (await Promise.all(saved.map((view) => profiles.settled(view)))).map(toAnswer) };
  },
  'profile.up': async (profiles, { name }) => toAnswer(await profiles.up(name)),
  'profile.down': async (profiles, { name }) => toAnswer(await profiles.down(name)),
};

/** Whether there is one. */
export function isProfileMethod(method: string): method is ProfileMethod {
  return Object.hasOwn(profileHandlers, method);
}

/** @throws {IpsecError} `API_UNKNOWN_METHOD` where none are kept. */
export function requireProfiles(profiles: ProfileTarget | null): ProfileTarget {
  if (profiles !== null) return profiles;
  throw new IpsecError('API_UNKNOWN_METHOD', 'no profiles are kept here', { field: 'method' });
}

function toAnswer(view: ProfileView): Result<'profile.show'> {
  const { problem, secrets, ...rest } = view;
  return {
    ...rest,
    problem: problem === null ? null : { ...problem, details: { ...problem.details } },
    secrets: { pairs: secrets.pairs.map((pair) => ({ out: { ...pair.out }, in: { ...pair.in } })) },
  };
}
