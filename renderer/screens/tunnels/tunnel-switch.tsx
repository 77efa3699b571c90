/**
 * The switch of a tunnel: what the person wants. What is, the row's picture and word say; the two may differ.
 * @module
 */
import { Switch } from '@base-ui/react/switch';
import { useState, type ReactElement } from 'react';
import { IpsecError } from '#core/base/error.ts';
import { useSession, useSessionStore } from '../../state/session-context.ts';
import type { SessionStore } from '../../state/session.ts';
import type { Tunnel } from '../../state/tunnel-list.ts';

/** The switch of `tunnel`; hatched until the helper has answered, and while a profile is on its way up. */
export function TunnelSwitch({ tunnel }: { readonly tunnel: Tunnel }): ReactElement {
  const store = useSessionStore();
  const canChange = useSession(({ link, canOperate }) => link.state === 'connected' && canOperate);
  const [isAsking, setAsking] = useState(false);
  const isPending = isAsking || tunnel.profile?.phase === 'starting';
  const change = async (wanted: boolean): Promise<void> => {
    setAsking(true);
    try {
      await switchTunnel(store, tunnel, wanted);
    } catch (error) {
      if (error instanceof IpsecError) store.setState({ refusal: { name: tunnel.name, error } });
    } finally {
      await store.refresh().catch(() => {});
      setAsking(false);
    }
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

async function switchTunnel({ bridge }: SessionStore, tunnel: Tunnel, wanted: boolean): Promise<void> {
  const { name, profile } = tunnel;
  if (profile === null) await bridge.call('interface.setFlags', { name, isUp: wanted });
  else await bridge.call(wanted ? 'profile.up' : 'profile.down', { name });
}
