/**
 * The timeline as the window keeps it: what the helper had, with what it has told since.
 * @module
 */
import { useEffect, useMemo, useState } from 'react';
import type { TimelineEntryView } from '#core/api/desktop-contract.ts';
import { joinTimeline } from './timeline-view.ts';
import { useSession, useSessionStore } from './session-context.ts';

/** As many as the helper gives at once. */
const mostEntries = 2000;

/** The newest first; null until the helper has answered. */
export function useTimeline(): readonly TimelineEntryView[] | null {
  const { bridge } = useSessionStore();
  const isConnected = useSession(({ link }) => link.state === 'connected');
  const events = useSession((session) => session.events);
  const [listed, setListed] = useState<readonly TimelineEntryView[] | null>(null);
  useEffect(() => {
    if (!isConnected) return;
    let isHere = true;
    bridge.call('timeline.list', { limit: mostEntries }).then(
      (answer) => {
        if (isHere) setListed(answer.events);
      },
      () => {}, // the link says what is wrong
    );
    return () => {
      isHere = false;
    };
  }, [bridge, isConnected]);
  return useMemo(() => (listed === null ? null : joinTimeline(listed, events)), [listed, events]);
}
