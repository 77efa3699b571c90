/**
 * Replay windows of associations, asked for while they are looked at: no status carries them.
 * @module
 */
import { useMemo } from 'react';
import type { AssociationStatus } from '#core/api/contract.ts';
import { replayWindowsAtOnce } from '#core/api/replay-limit.ts';
import { readReplay, type ReplayPicture } from './replay-picture.ts';
import { useWatched } from './use-watched.ts';

/** How often they are asked for. */
const askMs = 2000;

/** Windows by id of the association; those that check no replays, and those past the first few hundred, have none. */
export function useReplayWindows(
  associations: readonly Pick<AssociationStatus, 'id' | 'replayBytes'>[],
): ReadonlyMap<number, ReplayPicture> {
  const checking = associations.filter(({ replayBytes }) => replayBytes > 0);
  const ids = checking.slice(0, replayWindowsAtOnce).map(({ id }) => id);
  const { value } = useWatched('association.replayWindows', ids.length === 0 ? null : { ids }, askMs);
  return useMemo(() => new Map((value?.windows ?? []).map((window) => [window.id, readReplay(window)])), [value]);
}
