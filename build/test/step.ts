/**
 * One program that a part of the tests runs, with its output collected.
 * @module
 */
import { spawn, type ChildProcess } from 'node:child_process';

/** A program with its arguments. */
export type Step = {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
};

/** How a step ended. */
export type StepResult = { readonly status: number; readonly output: string };

/** How long an interrupted step may take to clean up. */
const cleanUpMs = 15_000;

/** Whatever takes longer than this hangs. */
const hangMs = 900_000;

/** Process groups that run now, so that an interrupt reaches all of them. */
export class StepRunner {
  readonly #running = new Set<ChildProcess>();
  #isStopped = false;

  /** Run a step to its end. After `stop`, fails at once. */
  run(step: Step): Promise<StepResult> {
    if (this.#isStopped) return Promise.resolve({ status: 1, output: 'interrupted' });
    return new Promise((resolve) => {
      // A group of its own: tests start programs that must be stopped with them.
      const child = spawn(step.command, [...step.args], {
        ...(step.cwd === undefined ? {} : { cwd: step.cwd }),
        env: { ...withoutTestContext(), NO_COLOR: '1', ...step.env },
        stdio: ['ignore', 'pipe', 'pipe'],
        detached: true,
      });
      this.#running.add(child);
      const chunks: Buffer[] = [];
      child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
      child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
      const watchdog = setTimeout(() => {
        chunks.push(Buffer.from(`\nstopped: took longer than ${hangMs / 1000} s\n`));
        endGroup(child);
      }, hangMs);
      const finish = (status: number, text = ''): void => {
        clearTimeout(watchdog);
        this.#running.delete(child);
        signalGroup(child, 'SIGKILL'); // what a step has left behind would disturb the next
        resolve({ status, output: Buffer.concat(chunks).toString() + text });
      };
      child.on('error', (error) => finish(127, `${step.command}: ${error.message}\n`));
      child.on('close', (code, signal) => finish(code ?? 1, signal === null ? '' : `ended by ${signal}\n`));
    });
  }

  /** Ask every running step to clean up and end; end it by force when it does not. */
  stop(): void {
    this.#isStopped = true;
    for (const child of this.#running) endGroup(child);
  }
}

function endGroup(child: ChildProcess): void {
  signalGroup(child, 'SIGTERM');
  setTimeout(() => signalGroup(child, 'SIGKILL'), cleanUpMs).unref();
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // the whole group has ended already
  }
}

/** A `node --test` inside another one would report to the outer one and run nothing. */
function withoutTestContext(): NodeJS.ProcessEnv {
  const env = { ...process.env };
  delete env['NODE_TEST_CONTEXT'];
  delete env['FORCE_COLOR'];
  return env;
}
