/**
 * The window's page that `culvert ui` shows: built once, and anew when its sources have changed since, for a window and
 * a helper of different versions do not understand each other.
 * @module
 */
import { accessSync, constants, existsSync, globSync, statSync } from 'node:fs';
import type { RunContext } from './run-context.ts';

const page = 'dist/renderer/index.html';
const sources = ['core/*/**/*.ts', 'renderer/**/*.{ts,tsx,css,html,svg}', 'build/window/*.ts'];

/** Build it where that is due. */
export async function buildPage({ narrator, processes }: RunContext): Promise<void> {
  const isThere = existsSync(page);
  if (isThere && (!isWritable('dist/renderer') || isNewerThan(page, globSync(sources)))) return;
  await narrator.step('The window’s page', () => processes.run([process.execPath, 'build/renderer.ts']));
}

/** Whether `file` was written after all of `others`. */
export function isNewerThan(file: string, others: readonly string[]): boolean {
  const writtenMs = statSync(file).mtimeMs;
  return others.every((other) => statSync(other).mtimeMs <= writtenMs);
}

/** Who may not build it shows what another user has built. */
function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
