/**
 * A process with all that stand below it, from proc(5): their processor time and the memory that is theirs alone.
 * @module
 */
import { readdirSync, readFileSync } from 'node:fs';
import { parseProcessStat } from './processor-time.ts';

/** sysconf(_SC_CLK_TCK) is 100 on every Linux that Node runs on. */
const tickMs = 10;

/** Processor time of `pids`, user and system, in milliseconds. Who has ended counts no more. */
export function processorMs(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + (statOf(pid)?.own ?? 0) * tickMs, 0);
}

/** `pid` and everyone who descends from it. */
export function familyOf(pid: number): readonly number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) ? statOf(Number(name)) : null;
    if (stat !== null) parents.set(Number(name), stat.parent);
  }
  const isBelow = (one: number): boolean => one === pid || (parents.has(one) && isBelow(parents.get(one) ?? 0));
  return [...parents.keys()].filter(isBelow);
}

/** Private memory of `pids` in MiB: what would be free if they ended. */
export function privateMiB(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + parsePrivateKilobytes(rollupOf(pid)) / 1024, 0);
}

/** Private_Clean and Private_Dirty of /proc/PID/smaps_rollup. */
export function parsePrivateKilobytes(text: string): number {
  return [...text.matchAll(/^Private_(?:Clean|Dirty): +(\d+) kB$/gm)].reduce((sum, [, size]) => sum + Number(size), 0);
}

function statOf(pid: number): { own: number; parent: number } | null {
  try {
    return parseProcessStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return null; // It has ended.
  }
}

function rollupOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  } catch {
    return '';
  }
}
