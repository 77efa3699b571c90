/**
 * The switch of a tunnel: what the person wants. What is, the row's picture and word say; the two may differ.
 * @module
 */
import { Switch } from '@base-ui/react/switch';
import { useState, type ReactElement } from 'react';
import type { Bridge } from '../../bridge.ts';
import { makeChange } from '../../state/change.ts';
import { useSession, useSessionStore } from '../../state/session-context.ts';
import type { Tunnel } from '../../state/tunnel-list.ts';

/** The switch of `tunnel`; hatched until the helper has answered, and while a profile is on its way up. */
export function TunnelSwitch({ tunnel }: { readonly tunnel: Tunnel }): ReactElement {
  const store = useSessionStore();
  const canChange = useSession(({ link, canOperate }) => link.state === 'connected' && canOperate);
  const [isAsking, setAsking] = useState(false);
  const isPending = isAsking || tunnel.profile?.phase === 'starting';
  const change = async (wanted: boolean): Promise<void> => {
    setAsking(true);
    await makeChange(store, tunnel.name, (bridge) => switchTunnel(bridge, tunnel, wanted));
    setAsking(false);
  };
  return (
    <Switch.Root
      className={`switch${isPending ? ' switch--pending' : ''}`}
      aria-label={tunnel.name}
      checked={isWanted(tunnel)}
      disabled={!canChange}
      onCheckedChange={(wanted) => void change(wanted)}
      nativeButton
      render={<button type="button" />}
    />
  );
}

/** What the person wants of a tunnel: a profile that is tried again is wanted, too. */
function isWanted({ profile, interface: link }: Tunnel): boolean {
  return profile === null ? link?.isUp === true : profile.phase !== 'off' && profile.phase !== 'failed';
}

async function switchTunnel(bridge: Bridge, tunnel: Tunnel, wanted: boolean): Promise<void> {
  const { name, profile } = tunnel;
  if (profile === null) await bridge.call('interface.setFlags', { name, isUp: wanted });
  else await bridge.call(wanted ? 'profile.up' : 'profile.down', { name });
}
