/**
 * Whether the desktop app of this person runs, by the lock that its engine holds against a second start: a link that names
 * machine and process (Chromium's process_singleton_posix.cc).
 * @module
 */
import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { errnoOf } from '#core/base/errno.ts';

/** Where the engine keeps its own files: beside the settings in `settingsFile`. */
export function engineFolder(settingsFile: string): string {
  return join(dirname(settingsFile), 'chromium');
}

/** Whether it runs. One that was killed has left its lock, but no process. */
export function isWindowRunning(settingsFile: string): boolean {
  try {
    const [, host, pid] = /^(.*)-(\d+)$/.exec(readlinkSync(join(engineFolder(settingsFile), 'SingletonLock'))) ?? [];
    if (host !== hostname() || pid === undefined) return false;
    process.kill(Number(pid), 0);
    return true;
  } catch (error) {
    return errnoOf(error, '') === 'EPERM';
  }
}
