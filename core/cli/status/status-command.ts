/**
 * `culvert status`: what every tunnel is doing. Anyone who can reach the helper may ask.
 * @module
 */
import type { Status } from '#core/api/contract.ts';
import type { ReplayWindowAnswer } from '#core/api/desktop-contract.ts';
import { replayWindowsAtOnce } from '#core/api/replay-limit.ts';
import type { HelperClient } from '#core/client/helper-client.ts';
import { exitStatusOf } from '../complaint.ts';
import { withHelper, type HelperSurroundings } from '../helper-session.ts';
import { formatPause, readPause } from '../pause-note.ts';
import { formatReplayWindows } from './replay-table.ts';
import { formatStatus } from './status-table.ts';

/** What the status command stands on. */
export type StatusSurroundings = HelperSurroundings & {
  /** Print the contract's `Status` as one JSON object. */
  readonly isJson: boolean;
  /** Tell replay windows, too. */
  readonly isVerbose: boolean;
  /** The environment, which says where this person's files lie. */
  readonly environment?: NodeJS.ProcessEnv;
};

/** Run `status`. Returns the exit status. */
export function runStatus(around: StatusSurroundings): Promise<number> {
  return exitStatusOf('status', around.terminal, async () => {
    around.terminal.print(await withHelper(around, (client) => statusText(client, around)));
    return 0;
  });
}

async function statusText(
  client: HelperClient,
  { isJson, isVerbose, environment = process.env }: StatusSurroundings,
): Promise<string> {
  const status = await client.call('status.get', {});
  const windows = isVerbose ? await replayWindowsOf(status, client) : null;
  const pause = await readPause(client, environment, status);
  const more = { ...(windows === null ? {} : { replayWindows: windows }), ...(pause === null ? {} : { pause }) };
  if (isJson) return `${JSON.stringify({ ...status, ...more }, null, 2)}\n`;
  return [
    formatStatus(status),
    formatReplayWindows(windows ?? [], status.associations),
    pause === null ? '' : formatPause(pause, Date.now()),
  ].join('');
}

async function replayWindowsOf({ associations }: Status, client: HelperClient): Promise<ReplayWindowAnswer[]> {
  const ids = associations.filter(({ replayBytes }) => replayBytes > 0).map(({ id }) => id);
  const windows: ReplayWindowAnswer[] = [];
  for (let start = 0; start < ids.length; start += replayWindowsAtOnce) {
    const asked = { ids: ids.slice(start, start + replayWindowsAtOnce) };
    windows.push(...(await client.call('association.replayWindows', asked)).windows);
  }
  return windows;
}
