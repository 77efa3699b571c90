/**
 * The one request that changes an interface and the profile that it comes from: it previews with `isCheck`, and applies
 * without; and the one that only saves.
 * @module
 */
import type { ProfileAnswer } from '#core/api/profile-contract.ts';
import type { RelayInput } from '#core/api/relay.ts';
import type { SessionStore } from '../../state/session.ts';
import type { Tunnel } from '../../state/tunnel-list.ts';
import type { FlagName } from './flag-state.ts';
import {
  changedOptions,
  changedRoutes,
  draftInMachine,
  flagWord,
  ifconfigChanges,
  profileWith,
  type InterfaceDraft,
} from './interface-draft.ts';

/** The request, without whether it is only looked at. */
export type ChangeRequest = Omit<RelayInput<'interface.change'>, 'isCheck'>;

/** A draft, what it began from, and what is in the machine. */
export type DraftChange = {
  readonly before: InterfaceDraft;
  readonly draft: InterfaceDraft;
  readonly live: InterfaceDraft;
};

/** What makes the machine and the profile as the draft says. The helper knows what routes of a profile are there. */
export function draftRequest({ interfaceName, profile }: Tunnel, { before, draft, live }: DraftChange): ChangeRequest {
  const wanted = draftInMachine(draft, before, live);
  const { added, removed } = changedRoutes(live, wanted);
  return {
    name: interfaceName,
    ifconfig: ifconfigChanges(live, wanted),
    options: changedOptions(live, wanted),
    ...(profile === null ? { addedRoutes: [...added], removedRoutes: [...removed] } : {}),
    profile: profile === null ? null : { ...placeOf(profile), profile: profileWith(profile, before, draft) },
  };
}

/** What turns one flag on or off, in the machine and in the profile. */
export function flagRequest({ interfaceName, profile }: Tunnel, flag: FlagName, isOn: boolean): ChangeRequest {
  const edited = profile === null ? null : { ...placeOf(profile), profile: profileWithFlag(profile, flag, isOn) };
  return { name: interfaceName, ifconfig: `${flagWord(flag, isOn)}\n`, profile: edited };
}

/** Save a profile in the place of what is shown; what is in the machine stays. @throws {IpsecError} what was refused. */
export async function saveProfile(
  { bridge }: SessionStore,
  shown: ProfileAnswer,
  profile: ProfileAnswer['profile'],
): Promise<void> {
  await bridge.call('profile.edit', { ...placeOf(shown), profile, secrets: 'keep' });
}

/** A profile with one flag as wanted. */
export function profileWithFlag({ profile }: ProfileAnswer, flag: FlagName, isOn: boolean): ProfileAnswer['profile'] {
  return { ...profile, flags: { ...profile.flags, [flag]: isOn } };
}

function placeOf({ profile, savedRevision }: ProfileAnswer): { readonly name: string; readonly revision: number } {
  return { name: profile.name, revision: savedRevision };
}
