/**
 * A screen of the test's own: Xvfb without a network, on a number that is free.
 * @module
 */
import { spawn, type ChildProcess } from 'node:child_process';

/** A running Xvfb. */
export type TestDisplay = { readonly name: string; stop(): Promise<void> };

/** Start one. Any user of this machine may open windows on it. */
export async function startDisplay(): Promise<TestDisplay> {
  const words = ['-displayfd', '1', '-screen', '0', '1280x900x24', '-nolisten', 'tcp', '-ac'];
  const child = spawn('Xvfb', words, { stdio: ['ignore', 'pipe', 'ignore'] });
  const number = await firstLine(child);
  return { name: `:${number}`, stop: () => end(child) };
}

/** What a program says first. Rejects when it ends before. */
export function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += String(chunk);
      const at = text.indexOf('\n');
      if (at >= 0) resolve(text.slice(0, at).trim());
    });
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`${child.spawnfile} ended before it said anything`)));
  });
}

/** Longest that a program may take to end when it is asked to. */
const endingMs = 20_000;

/** Ask `child` to end, and wait until it has. Rejects when it had to be killed. */
export function end(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`${child.spawnfile} does not end when it is asked to`));
    }, endingMs);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
    child.kill('SIGTERM');
  });
}
