/**
 * What a run makes on the machine, and how it goes away: a directory and four namespaces, under names that hold the
 * process id, so that the next run can sweep what a run left that was killed outright.
 * @module
 */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeNamespace, staleNamespaces } from './netns/namespace.ts';
import type { Narrator } from './narrator.ts';
import { Processes } from './netns/process.ts';
import type { RunContext } from './run-context.ts';
import { machineSuffixes, removeTopology } from './netns/topology.ts';

const prefix = 'culvert-demo-';
/** A Unix socket's path has at most 107 bytes (unix(7)), and some follow behind the directory. */
const longestDirectory = 60;

/** A directory for this run that only this user can enter. */
export function makeDirectory(): string {
  const parent = tmpdir().length > longestDirectory ? '/tmp' : tmpdir();
  return mkdtempSync(join(parent, `${prefix}${process.pid}-`));
}

/** Stop the run's children and undo and remove all that it made. Runs to its end whatever was interrupted before. */
export async function cleanUp({ processes, directory, undo }: RunContext): Promise<void> {
  await processes.stopAll();
  for (const step of undo.reverse()) step();
  await removeTopology(uninterrupted());
  rmSync(directory, { recursive: true, force: true });
}

/** Remove what dead runs left, and say so. */
export async function sweepStale(narrator: Narrator): Promise<void> {
  const namespaces = staleNamespaces(machineSuffixes);
  const parent = tmpdir();
  const directories = readdirSync(parent).filter((name) => isStaleDirectory(name));
  if (namespaces.length + directories.length === 0) return;
  await narrator.step(`Sweeping what an earlier run left: ${[...namespaces, ...directories].join(' ')}`, async () => {
    for (const name of namespaces) await removeNamespace(uninterrupted(), name);
    for (const name of directories) rmSync(join(parent, name), { recursive: true, force: true });
  });
}

/** Whether a name is that of the directory of a run whose process is dead. */
export function isStaleDirectory(name: string, isAlive: (pid: number) => boolean = isProcess): boolean {
  const match = /^culvert-demo-(\d+)-/.exec(name);
  return match !== null && !isAlive(Number(match[1]));
}

function isProcess(pid: number): boolean {
  return existsSync(`/proc/${pid}`);
}

function uninterrupted(): Processes {
  return new Processes(new AbortController().signal);
}
