/**
 * Starting the helper as the desktop allows it. On Linux polkit asks the person and systemd starts the unit that the
 * package brought; where neither is, there is one command to type. Nothing here comes from the page.
 * @module
 */
import { spawn } from 'node:child_process';
import { IpsecError } from '#core/base/error.ts';
import { unitPaths } from '#core/client/start-command.ts';

/** A program with its words. */
export type StartCommand = readonly [program: string, ...words: string[]];

/** Where the package lays what pkexec runs; polkit's policy names this path. */
const starterPath = '/usr/libexec/culvert/start-helper';
const pkexecPath = '/usr/bin/pkexec';
const systemctlPath = '/usr/bin/systemctl';

/** The person has this long to type a password. */
const patienceMs = 120_000;

/** So much of what the program says is looked at. */
const saidChars = 2000;

/** What starts the helper here; null where nothing does. `canRun` tells whether a path is a program, or a file at all. */
export function planHelperStart(platform: NodeJS.Platform, isThere: (path: string) => boolean): StartCommand | null {
  if (platform !== 'linux') return null;
  if (isThere(pkexecPath) && isThere(starterPath)) return [pkexecPath, '--disable-internal-agent', starterPath];
  if (isThere(systemctlPath) && unitPaths.some(isThere)) return [systemctlPath, 'start', 'culvertd.service'];
  return null;
}

/**
 * Run `command` to its end; `typed` is what a person types in its place.
 * @throws {IpsecError} `HELPER_UNREACHABLE` where there is none, or it was refused.
 */
export async function runHelperStart(command: StartCommand | null, typed: string): Promise<void> {
  if (command === null) {
    throw new IpsecError('HELPER_UNREACHABLE', `nothing here can start the helper: type ${typed}`);
  }
  const [program, ...words] = command;
  const outcome = await outcomeOf(program, words);
  if (outcome.status === 0) return;
  const why = describeOutcome(program, outcome);
  throw new IpsecError('HELPER_UNREACHABLE', `the helper was not started: ${why}; ${typed} starts it`);
}

/** No status: it was ended, or has not ended in time. */
type Outcome = { readonly status: number | null; readonly said: string };

/** pkexec(1): 126 for a dialog that was closed; 127 for all else that kept it from asking or was answered no. */
function describeOutcome(program: string, { status, said }: Outcome): string {
  if (status === 126) return 'the question was dismissed';
  if (status === 127 && /No authentication agent/.test(said)) return 'nobody could be asked';
  if (status === 127 && /Not authorized/.test(said)) return 'it was not allowed';
  return status === null ? `${program} did not end` : `${program} ended with ${status}`;
}

function outcomeOf(program: string, words: readonly string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(program, [...words], { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said = `${said}${String(chunk)}`.slice(0, saidChars)));
    const finish = (status: number | null): void => {
      clearTimeout(timer);
      resolve({ status, said });
    };
    // What has become root's cannot be ended from here.
    const timer = setTimeout(() => child.kill() || finish(null), patienceMs);
    child.on('error', () => finish(127));
    child.on('close', (code) => finish(code));
  });
}
