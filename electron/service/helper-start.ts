/**
 * Starting the helper as the desktop allows it. On Linux polkit asks the person and systemd starts the unit that the
 * package brought; where neither is, there is one command to type. Nothing here comes from the page.
 * @module
 */
import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { IpsecError } from '#core/base/error.ts';

/** A program with its words. */
export type StartCommand = readonly [program: string, ...words: string[]];

/** Where the package lays what pkexec runs; polkit's policy names this path. */
const starterPath = '/usr/libexec/culvert/start-helper';
const pkexecPath = '/usr/bin/pkexec';
const systemctlPath = '/usr/bin/systemctl';
const unitPaths = ['/usr/lib/systemd/system/culvertd.service', '/etc/systemd/system/culvertd.service'];

/** The line to type where nothing else starts the helper. */
const typedCommand = 'sudo culvertd';

/** The person has this long to type a password. */
const patienceMs = 120_000;

/** What starts the helper here; null where nothing does. `canRun` tells whether a path is a program, or a file at all. */
export function planHelperStart(platform: NodeJS.Platform, isThere: (path: string) => boolean): StartCommand | null {
  if (platform !== 'linux') return null;
  if (isThere(pkexecPath) && isThere(starterPath)) return [pkexecPath, starterPath];
  if (isThere(systemctlPath) && unitPaths.some(isThere)) return [systemctlPath, 'start', 'culvertd.service'];
  return null;
}

/** Whether a file is there. */
export function isThere(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Run `command` to its end.
 * @throws {IpsecError} `HELPER_UNREACHABLE` where there is none, or it was refused.
 */
export async function runHelperStart(command: StartCommand | null): Promise<void> {
  if (command === null) {
    throw new IpsecError('HELPER_UNREACHABLE', `nothing here can start the helper: type ${typedCommand}`);
  }
  const [program, ...words] = command;
  const status = await statusOf(program, words);
  if (status === 0) return;
  // pkexec(1): 126 when the person dismissed the dialog or was not allowed, 127 when there was nobody to ask.
  const why =
    status === 126
      ? 'it was not allowed'
      : status === 127
        ? 'nobody could be asked'
        : `${program} ended with ${status}`;
  throw new IpsecError('HELPER_UNREACHABLE', `the helper was not started: ${why}; ${typedCommand} starts it`);
}

function statusOf(program: string, words: readonly string[]): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(program, [...words], { stdio: 'ignore' });
    const timer = setTimeout(() => child.kill(), patienceMs);
    const finish = (status: number): void => {
      clearTimeout(timer);
      resolve(status);
    };
    child.on('error', () => finish(127));
    child.on('exit', (code) => finish(code ?? 1));
  });
}
