/**
 * The tunnels as components take them: all of what the window knows, at this moment.
 * @module
 */
import { useMemo } from 'react';
import { useNow } from './now.ts';
import { useSession } from './session-context.ts';
import { listTunnels, type Tunnel } from './tunnel-list.ts';

/** How late a tunnel may change its word for no other reason than the time. */
const lateMs = 10_000;

/** All tunnels. */
export function useTunnels(): readonly Tunnel[] {
  const status = useSession((session) => session.status);
  const profiles = useSession((session) => session.profiles);
  const link = useSession((session) => session.link);
  const nowMs = useNow(lateMs);
  return useMemo(
    () => listTunnels({ status: status === null ? null : { ...status, nowMs }, profiles, link }),
    [status, profiles, link, nowMs],
  );
}
