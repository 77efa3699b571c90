/**
 * A process that does nothing but wake ten times a second, for comparison: what a processor takes to wake from its sleep, with
 * nothing of the program left in its caches, is a matter of the machine and of who else is on it, and differs from one
 * hour to the next by more than programs do.
 * @module
 */
import { spawn } from 'node:child_process';

/** The one that runs. */
export type ReferenceProcess = { readonly pid: number | undefined; stop(): void };

/** Start it. */
export function startReference(): ReferenceProcess {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 100)'], { stdio: 'ignore' });
  return { pid: child.pid, stop: () => void child.kill('SIGKILL') };
}
