/**
 * The tunnels as components take them: all of what the window knows, at this moment.
 * @module
 */
import { useMemo } from 'react';
import { useAtTime } from './now.ts';
import { useSession } from '../session-context.ts';
import { lastTurn } from '../tunnel-condition.ts';
import { listTunnels, type Tunnel } from '../tunnel-list.ts';

/** All tunnels. They are told anew when the status is, and when the time alone changes the word for one. */
export function useTunnels(): readonly Tunnel[] {
  const status = useSession((session) => session.status);
  const profiles = useSession((session) => session.profiles);
  const link = useSession((session) => session.link);
  const turnMs = useAtTime(
    (nowMs) => (status === null ? 0 : lastTurn(status, nowMs)),
    status !== null && status.associations.length > 0,
  );
  return useMemo(
    () => listTunnels({ status: status === null ? null : { ...status, nowMs: turnMs }, profiles, link }),
    [status, profiles, link, turnMs],
  );
}
