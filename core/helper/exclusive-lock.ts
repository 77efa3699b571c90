/**
 * A lock file that at most one living process holds: its content names the owner by process id, start time and boot,
 * so a lock left behind by a crash is told apart from a live one even when the process id was given out again.
 *
 * The file appears with its content in one step (link(2)), and a stale one is moved away, never edited. One without content is of a
 * machine that lost its power before the disk had it: nobody who lives has written it.
 * Not for directories shared between machines or process-id namespaces.
 * @module
 */
import { linkSync, lstatSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { errnoOf } from '#core/base/errno.ts';

/** A held lock. */
export type ExclusiveLock = {
  /** Whether the file still names this process. Ask before a write that would harm when two hold the lock. */
  isHeld(): boolean;
  /** Remove the lock file, if it is still ours. */
  release(): void;
};

/** Who holds a lock that could not be had; pid 0 when the file does not say, which somebody has to look at. */
export type LockOwner = { readonly pid: number };

/** Take the lock at `path`, or say who has it. Throws the file system's own error when `path` cannot be written. */
export function acquireLock(path: string): ExclusiveLock | LockOwner {
  const own = identify(process.pid) ?? `${process.pid} - -`;
  const draft = `${path}.${process.pid}`;
  removeIfThere(draft);
  writeFileSync(draft, own, { flag: 'wx', mode: 0o600 });
  try {
    for (let attempt = 0; attempt < 3; attempt++) {
      if (linkIfFree(draft, path)) return heldLock(path, own);
      const owner = readOwner(path);
      if (owner !== null && (isAlive(owner) || !moveAway(path, owner)))
        return { pid: Number(owner.split(' ')[0]) || 0 };
    }
    return { pid: 0 };
  } finally {
    removeIfThere(draft);
  }
}

/** Whether `acquireLock` got it. */
export function isLockHeld(result: ExclusiveLock | LockOwner): result is ExclusiveLock {
  return 'release' in result;
}

function heldLock(path: string, own: string): ExclusiveLock {
  const isHeld = (): boolean => readOwner(path) === own;
  return {
    isHeld,
    release() {
      if (isHeld()) removeIfThere(path);
    },
  };
}

function linkIfFree(draft: string, path: string): boolean {
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Content of the lock file; null when it is gone. What is not a regular file counts as somebody's lock. */
function readOwner(path: string): string | null {
  try {
    return lstatSync(path).isFile() ? readFileSync(path, 'latin1').trim() : '0 - -';
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
}

/** Move a dead owner's lock out of the way. False when another process was faster and the lock is a live one again. */
function moveAway(path: string, deadOwner: string): boolean {
  const aside = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    return errnoOf(error) === 'ENOENT';
  }
  const isTheDeadOne = readOwner(aside) === deadOwner;
  if (!isTheDeadOne) linkIfFree(aside, path);
  removeIfThere(aside);
  return isTheDeadOne;
}

function isAlive(owner: string): boolean {
  if (isBlank(owner)) return false;
  const pid = Number(owner.split(' ')[0]);
  // Unreadable content is no proof that nobody holds the lock: treat it as held.
  if (!Number.isInteger(pid) || pid <= 0) return true;
  const now = identify(pid);
  if (now !== null) return now === owner;
  return !isProcTold() && respondsToSignals(pid);
}

/** What is left of a file whose bytes never reached the disk: none, or zeros. */
function isBlank(owner: string): boolean {
  return [...owner].every((character) => character === '\0');
}

/** `PID START-TIME BOOT-ID`, or null when no such process runs (or there is no /proc to ask). */
function identify(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The command name, in parentheses, may hold spaces. Behind it: field 3, the state, and field 22, the start time (proc(5)).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie has ended; in a container whose first process reaps nobody it stays for ever.
    if (fields[0] === 'Z' || fields[0] === 'X') return null;
    return `${pid} ${fields[19] ?? '-'} ${readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()}`;
  } catch {
    return null;
  }
}

function isProcTold(): boolean {
  return identify(process.pid) !== null;
}

function respondsToSignals(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errnoOf(error) === 'EPERM';
  }
}

function removeIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
  }
}
