/**
 * Bringing tunnels up and down from outside the page: one, or all at once.
 * @module
 */
import type { LinkKeeper } from '#core/client/helper-link.ts';
import type { TrayTunnel } from '../tray/tray-tunnel.ts';

/** The part of a link that tunnels are switched by. */
export type Helper = Pick<LinkKeeper, 'call'>;

/** What a tunnel is switched by. */
export type SwitchedTunnel = Pick<TrayTunnel, 'name' | 'isProfile'>;

/** Bring `tunnel` up or down. @throws {IpsecError} what the helper refuses. */
export async function switchTunnel(helper: Helper, tunnel: SwitchedTunnel, wanted: boolean): Promise<void> {
  const { name, isProfile } = tunnel;
  if (!isProfile) await helper.call('interface.setFlags', { name, isUp: wanted });
  else await helper.call(wanted ? 'profile.up' : 'profile.down', { name });
}

/** Take down all that are wanted; gives those that were. What the helper refuses of one does not keep the others. */
export async function takeAllDown(helper: Helper, tunnels: readonly TrayTunnel[]): Promise<readonly TrayTunnel[]> {
  const wanted = tunnels.filter(({ isWanted }) => isWanted);
  const results = await Promise.allSettled(wanted.map((tunnel) => switchTunnel(helper, tunnel, false)));
  return wanted.filter((_tunnel, index) => results[index]?.status === 'fulfilled');
}
