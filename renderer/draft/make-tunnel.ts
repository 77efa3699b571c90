/**
 * Makes the tunnel of a draft: saves its profile, with keys that the helper makes or with those that were pasted, and
 * switches it on. A draft that was made before is changed where it is; its keys stay as long as they still fit.
 * @module
 */
import type { ProfileAnswer } from '#core/api/profile-contract.ts';
import type { Profile } from '#core/profile/profile.ts';
import type { ProfileSecrets } from '#core/profile/profile-secrets.ts';
import { IpsecError } from '#core/base/error.ts';
import type { Bridge } from '../bridge.ts';

/** What is made. */
export type TunnelWish = {
  readonly profile: Profile;
  /** Null: the helper makes the keys. */
  readonly pasted: ProfileSecrets | null;
  /** What this draft has become before. */
  readonly made: ProfileAnswer | null;
};

/**
 * Make it. Whatever refuses to save it is thrown; what keeps it from coming up stays with the profile, as its problem.
 * @throws {IpsecError} as `profile.create` and `profile.edit` do.
 */
export async function makeTunnel(bridge: Bridge, wish: TunnelWish): Promise<string> {
  const { profile, pasted, made } = wish;
  if (made === null) await bridge.call('profile.create', { profile, secrets: pasted ?? 'generate' });
  else await change(bridge, wish, made);
  await switchOn(bridge, profile.name);
  return profile.name;
}

/** Switch it on; why it does not come up is told by the profile itself. */
export async function switchOn(bridge: Bridge, name: string): Promise<void> {
  try {
    await bridge.call('profile.up', { name });
  } catch (error) {
    if (!(error instanceof IpsecError)) throw error;
  }
}

async function change(bridge: Bridge, { profile, pasted }: TunnelWish, made: ProfileAnswer): Promise<void> {
  const { name } = profile;
  if (made.phase !== 'off') await bridge.call('profile.down', { name: made.profile.name });
  if (made.profile.name !== name) await bridge.call('profile.rename', { name: made.profile.name, to: name });
  const { savedRevision } = await bridge.call('profile.show', { name });
  const secrets = pasted ?? (keysStillFit(made.profile, profile) ? 'keep' : 'generate');
  await bridge.call('profile.edit', { name, revision: savedRevision, profile, secrets });
}

/** Whether keys of one profile are keys of the other: the same suite, as many pairs. */
function keysStillFit(before: Pick<Profile, 'keys'>, after: Pick<Profile, 'keys'>): boolean {
  return (
    before.keys.encryption === after.keys.encryption &&
    before.keys.integrity === after.keys.integrity &&
    before.keys.pairs.length === after.keys.pairs.length
  );
}
