/**
 * How many files this process may have open (RLIMIT_NOFILE of getrlimit(2)): too few end V8 and its threads in ways that tell
 * nobody what is wrong, so culvertd looks before it begins.
 * @module
 */
import { readFileSync } from 'node:fs';
import { IpsecError } from '#core/base/error.ts';

/** What culvertd needs without a tunnel, with its threads, some clients and runs of `ip`, is about half of it. */
const fewestFiles = 128;

/** @throws {IpsecError} `HOST_FAILED` where that are too few; nothing where the system does not tell. */
export function checkOpenFileLimit(limits: string | null = readLimits()): void {
  // As in proc(5): name, soft limit, hard limit, unit.
  const soft = /^Max open files +([0-9]+)/m.exec(limits ?? '')?.[1];
  if (soft === undefined || Number(soft) >= fewestFiles) return;
  const message = `at most ${soft} files may be open (ulimit -n, LimitNOFILE), and culvertd needs ${fewestFiles}, and 8 for each tunnel`;
  throw new IpsecError('HOST_FAILED', message, { limit: Number(soft) });
}

function readLimits(): string | null {
  try {
    return readFileSync('/proc/self/limits', 'latin1');
  } catch {
    return null;
  }
}
