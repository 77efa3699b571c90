/**
 * What the machine refuses of a profile at this moment, for no tunnel carries it, and why: each reason has a way out of its
 * own (docs/decisions/0010-profiles-fail-closed.md).
 * @module
 */
import type { TFunction } from 'i18next';
import type { ProfileAnswer } from '#core/api/profile-contract.ts';

/**
 * lost: somebody else has taken the tunnel away; trying: it is on its way up, or tried again; always: the profile says so; left:
 * it is off, and an earlier helper has left it refused.
 */
export type RefusedWhy = 'lost' | 'trying' | 'always' | 'left';

/** Networks that are refused; none where a tunnel is lost whose profile lets them go. */
export type Refused = { readonly why: RefusedWhy; readonly networks: readonly string[] };

/** Whether the tunnel was taken away by another hand than the profile's. */
export function isLost(profile: ProfileAnswer | null): boolean {
  return profile?.problem?.code === 'PROFILE_LOST';
}

/** What is refused of a profile; null while nothing is, and no tunnel is lost. */
export function tellRefused(profile: ProfileAnswer | null): Refused | null {
  if (profile === null) return null;
  const networks = profile.refused;
  if (isLost(profile)) return { why: 'lost', networks };
  if (networks.length === 0) return null;
  if (profile.phase !== 'off' && profile.phase !== 'failed') return { why: 'trying', networks };
  return { why: profile.profile.failClosed === 'always' ? 'always' : 'left', networks };
}

/** Networks in a sentence: of more than three the first two, and how many more there are. */
export function tellNetworks(networks: readonly string[], t: TFunction): string {
  if (networks.length <= 3) return networks.join(', ');
  return t('refused.list', { list: networks.slice(0, 2).join(', '), more: networks.length - 2 });
}
