/**
 * The switch of a tunnel: what the person wants. What is, the row's picture and word say; the two may differ.
 * @module
 */
import { Switch } from '@base-ui/react/switch';
import { useState, type ReactElement } from 'react';
import { useSession, useSessionStore } from '../../state/session-context.ts';
import type { Tunnel } from '../../state/tunnel-list.ts';

/** The switch of `tunnel`; hatched until the helper has answered. */
export function TunnelSwitch({ tunnel }: { readonly tunnel: Tunnel }): ReactElement {
  const store = useSessionStore();
  const isLive = useSession(({ link }) => link.state === 'connected');
  const [isPending, setPending] = useState(false);
  const { name, isUp } = tunnel.interface;
  const change = async (wanted: boolean): Promise<void> => {
    setPending(true);
    try {
      await store.bridge.call('interface.setFlags', { name, isUp: wanted });
    } finally {
      await store.refresh().catch(() => {});
      setPending(false);
    }
  };
  return (
    <Switch.Root
      className={`switch${isPending ? ' switch--pending' : ''}`}
      aria-label={tunnel.name}
      checked={isUp}
      disabled={!isLive}
      onCheckedChange={(wanted) => void change(wanted).catch(() => {})}
      nativeButton
      render={<button type="button" />}
    />
  );
}
