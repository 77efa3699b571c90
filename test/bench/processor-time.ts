/**
 * Processor time while something is measured, from proc(5): of the daemons that carry the packets, and of everybody
 * who has nothing to do with the measurement. In seconds of one core.
 * @module
 */
import { readdirSync, readFileSync } from 'node:fs';

/** Times between start and stop of a meter. */
export type ProcessorTime = {
  readonly wallSeconds: number;
  /** Of all daemons, user and system. */
  readonly daemonSeconds: number;
  /** The part of it in system calls. */
  readonly daemonSystemSeconds: number;
  /** Of processes that are neither daemons, nor the benchmark and its children, nor the kernel's. */
  readonly foreignSeconds: number;
};

type Reading = {
  readonly wallMs: number;
  readonly daemons: number;
  readonly daemonSystem: number;
  readonly own: number;
  readonly kernel: number;
  readonly all: number;
};

/** sysconf(_SC_CLK_TCK) on every Linux that Node runs on. */
const ticksPerSecond = 100;
const kthreadd = 2;

/** Resident memory of the largest of these processes in MiB (VmRSS of proc(5)); null when none is there. */
export function residentMiB(pids: readonly number[]): number | null {
  const sizes = pids.flatMap((pid) => {
    try {
      const match = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
      return match === null ? [] : [Number(match[1]) / 1024];
    } catch {
      return []; // It has ended.
    }
  });
  return sizes.length === 0 ? null : Math.max(...sizes);
}

/** Read now; the function it gives reads again and tells the difference. */
export function startMeter(daemonPids: readonly number[]): () => ProcessorTime {
  const before = read(daemonPids);
  return () => {
    const after = read(daemonPids);
    const daemonSeconds = (after.daemons - before.daemons) / ticksPerSecond;
    const explained = after.own - before.own + (after.kernel - before.kernel);
    const foreign = (after.all - before.all - explained) / ticksPerSecond - daemonSeconds;
    return {
      wallSeconds: (after.wallMs - before.wallMs) / 1000,
      daemonSeconds,
      daemonSystemSeconds: (after.daemonSystem - before.daemonSystem) / ticksPerSecond,
      // Ticks are coarse: a small negative remainder is rounding.
      foreignSeconds: Math.max(0, foreign),
    };
  };
}

/** utime + stime of a line of /proc/PID/stat, stime alone, and cutime + cstime, the same of children that were waited for; ticks. */
export function parseProcessStat(line: string): { own: number; system: number; children: number; parent: number } {
  // The name in brackets may itself hold blanks and brackets.
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  const field = (number: number): number => Number(fields[number - 3]);
  return { own: field(14) + field(15), system: field(15), children: field(16) + field(17), parent: field(4) };
}

/** user + nice + system of the first line of /proc/stat, ticks. Interrupts, softirqs and idle time are left out. */
export function parseSystemStat(text: string): number {
  const [, user = 0, nice = 0, system = 0] = (text.split('\n')[0] ?? '').split(/\s+/).map(Number);
  return user + nice + system;
}

function read(daemonPids: readonly number[]): Reading {
  const own = parseProcessStat(readFileSync('/proc/self/stat', 'utf8'));
  return {
    wallMs: performance.now(),
    daemons: daemonPids.reduce((sum, pid) => sum + ticksOf(pid), 0),
    daemonSystem: daemonPids.reduce((sum, pid) => sum + (statOf(pid)?.system ?? 0), 0),
    own: own.own + own.children,
    kernel: kernelThreads().reduce((sum, pid) => sum + ticksOf(pid), 0),
    all: parseSystemStat(readFileSync('/proc/stat', 'utf8')),
  };
}

function kernelThreads(): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => pid === kthreadd || parentOf(pid) === kthreadd);
}

function parentOf(pid: number): number {
  return statOf(pid)?.parent ?? 0;
}

function ticksOf(pid: number): number {
  return statOf(pid)?.own ?? 0;
}

function statOf(pid: number): { own: number; system: number; parent: number } | null {
  try {
    return parseProcessStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return null; // It has ended.
  }
}
