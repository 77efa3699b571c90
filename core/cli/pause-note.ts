/**
 * What the command line tells of a pause: that the desktop app of this person has taken tunnels down, which of them are
 * still down, until when, and how to end that. The app keeps the pause, not the helper; so nothing is known of other people's.
 * @module
 */
import type { Status } from '#core/api/contract.ts';
import { shellWord } from '#core/base/shell-word.ts';
import type { HelperClient } from '#core/client/helper-client.ts';
import { pauseFile, pausePath, type KeptPause } from '#core/client/pause-file.ts';
import { isWindowRunning } from '#core/client/running-window.ts';
import { settingsPath } from '#core/client/shell-settings.ts';

/** A pause that still keeps tunnels down. */
export type PauseNote = Omit<KeptPause, 'savedMs'> & {
  /** Who would end it. */
  readonly isAppRunning: boolean;
};

const dayMs = 86_400_000;

/**
 * The pause of whoever has this environment; null for none, and where all of its tunnels are up again. `status`: the helper's,
 * where it is known already.
 */
export async function readPause(
  client: HelperClient,
  environment: NodeJS.ProcessEnv,
  status?: Status,
): Promise<PauseNote | null> {
  const settingsFile = settingsPath(environment);
  const kept = pauseFile(pausePath(settingsFile)).load();
  if (kept === null || kept.tunnels.length === 0) return null;
  const down = await listDown(client, status ?? (await client.call('status.get', {})));
  const tunnels = kept.tunnels.filter((tunnel) => down.has(wordFor(tunnel)));
  if (tunnels.length === 0) return null;
  return { untilMs: kept.untilMs, tunnels, isAppRunning: isWindowRunning(settingsFile) };
}

/** What would bring up each of those that are down. */
async function listDown(client: HelperClient, { interfaces }: Status): Promise<ReadonlySet<string>> {
  // A helper without a folder for its state keeps none.
  const { profiles } = await client.call('profile.list', {}).catch(() => ({ profiles: [] }));
  return new Set([
    ...interfaces.filter(({ isUp }) => !isUp).map(({ name }) => wordFor({ name, isProfile: false })),
    ...profiles
      .filter(({ phase }) => phase === 'off')
      .map(({ profile }) => wordFor({ name: profile.name, isProfile: true })),
  ]);
}

/** As a person reads it, below a table. */
export function formatPause({ untilMs, tunnels, isAppRunning }: PauseNote, nowMs: number): string {
  const names = tunnels.map(({ name }) => name).join(', ');
  const time = timeText(untilMs, nowMs);
  const ends = isAppRunning
    ? `Its tray's menu ends that sooner (Resume), or`
    : `It does not run now, and brings them up when it is started after that; until then`;
  return `\nPaused by the desktop app until ${time}: ${names}.\n${ends}: ${tunnels.map(wordFor).join('; ')}\n`;
}

/** What brings it up. */
function wordFor({ name, isProfile }: KeptPause['tunnels'][number]): string {
  return isProfile ? `culvert up ${shellWord(name)}` : `culvert ifconfig ${name} up`;
}

/** The day, too, unless it is near. */
function timeText(atMs: number, nowMs: number): string {
  const at = new Date(atMs);
  const time = at.toTimeString().slice(0, 5);
  if (Math.abs(atMs - nowMs) < dayMs / 2) return time;
  const twoDigits = (value: number): string => String(value).padStart(2, '0');
  return `${at.getFullYear()}-${twoDigits(at.getMonth() + 1)}-${twoDigits(at.getDate())} ${time}`;
}
