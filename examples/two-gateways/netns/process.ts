/**
 * Child processes: commands that run to their end, and daemons that are stopped by their process id.
 *
 * Every child gets a process group of its own, so that a Ctrl-C in the terminal reaches only the parent, which then
 * takes everything down in order. An aborted signal ends running commands and refuses new ones.
 * @module
 */
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

/** A program and its arguments. */
export type Command = readonly [program: string, ...args: string[]];

/** What a command left behind. */
export type Output = { readonly status: number; readonly stdout: string; readonly stderr: string };

/** How a command runs. */
export type RunOptions = {
  /** Text for its standard input. */
  readonly input?: string;
  /** Give the output back instead of throwing when its exit status is not 0. */
  readonly mayFail?: boolean;
  /** Kill it after this long. Default 60 s. */
  readonly timeoutMs?: number;
};

/** A command that could not start or ended with a status other than 0. */
export class CommandFailed extends Error {
  readonly command: Command;
  readonly output: Output;

  /** The message is the command and the last line that it said. */
  constructor(command: Command, output: Output) {
    const said = (output.stderr.trim() || output.stdout.trim()).split('\n').slice(-3).join(' / ');
    super(`${command.join(' ')}: ${said || `exit status ${output.status}`}`);
    this.name = 'CommandFailed';
    this.command = command;
    this.output = output;
  }
}

/** A program that runs until it is stopped or ends by itself. */
export type Running = {
  readonly pid: number;
  /** Settles when it has ended and its output is complete. */
  readonly ended: Promise<Output>;
  /** Everything that it has said so far. */
  said(): Output;
  /** Wait for a text on stdout or stderr. @throws CommandFailed when it ends, or says nothing of the kind, before. */
  waitFor(text: string, timeoutMs: number): Promise<void>;
  /** Send a signal, then SIGKILL when it has not ended after `patienceMs`. */
  stop(signal?: NodeJS.Signals, patienceMs?: number): Promise<Output>;
};

/** The children of one run. Holds their identities, so that none outlives it. */
export class Processes {
  readonly #signal: AbortSignal;
  readonly #running = new Set<Running>();
  #isClosed = false;

  /** `signal`: once aborted, commands are killed and new ones refused. */
  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** Run a command to its end. @throws CommandFailed unless its status is 0 or `mayFail` is set. */
  async run(command: Command, options: RunOptions = {}): Promise<Output> {
    const running = this.start(command, options.input);
    const { timeoutMs = 60_000 } = options;
    let isLate = false;
    const kill = (): void => void running.stop('SIGKILL');
    const timer = setTimeout(() => {
      isLate = true;
      kill();
    }, timeoutMs);
    this.#signal.addEventListener('abort', kill);
    const output = await running.ended;
    clearTimeout(timer);
    this.#signal.removeEventListener('abort', kill);
    this.#signal.throwIfAborted();
    if (isLate) throw new CommandFailed(command, { ...output, stderr: `not done after ${timeoutMs / 1000} s` });
    if (output.status !== 0 && options.mayFail !== true) throw new CommandFailed(command, output);
    return output;
  }

  /** Start a program and leave it running. */
  start(command: Command, input = ''): Running {
    this.#signal.throwIfAborted();
    if (this.#isClosed) throw new Error(`too late to start ${command[0]}`);
    const [program, ...args] = command;
    const child = spawn(program, args, { detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
    child.stdin.on('error', () => {}); // It may end without reading its input; its status tells.
    child.stdin.end(input);
    const running = watch(command, child);
    this.#running.add(running);
    void running.ended.then(() => this.#running.delete(running));
    return running;
  }

  /** Stop whatever still runs, and refuse what some other branch of the run may want to start after it. */
  async stopAll(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#running].map((running) => running.stop()));
  }
}

function watch(command: Command, child: ChildProcessByStdio<Writable, Readable, Readable>): Running {
  let stdout = '';
  let stderr = '';
  let status: number | null = null;
  const listeners = new Set<() => void>();
  const notify = (): void => listeners.forEach((listener) => listener());
  child.stdout.setEncoding('utf8').on('data', (text: string) => ((stdout += text), notify()));
  child.stderr.setEncoding('utf8').on('data', (text: string) => ((stderr += text), notify()));
  const said = (): Output => ({ status: status ?? -1, stdout, stderr });
  const ended = new Promise<Output>((resolve) => {
    const end = (code: number): void => {
      status ??= code;
      notify();
      resolve(said());
    };
    child.on('error', (error) => ((stderr += error.message), end(127)));
    child.on('close', (code) => end(code ?? 128));
  });
  const waitFor = (text: string, timeoutMs: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => settle(() => reject(late(command, text, said()))), timeoutMs);
      const settle = (act: () => void): void => (clearTimeout(timer), listeners.delete(look), act());
      const look = (): void => {
        if (stdout.includes(text) || stderr.includes(text)) settle(resolve);
        else if (status !== null) settle(() => reject(new CommandFailed(command, said())));
      };
      listeners.add(look);
      look();
    });
  const stop = async (signal: NodeJS.Signals = 'SIGTERM', patienceMs = 5000): Promise<Output> => {
    if (status !== null) return said();
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs);
    await ended;
    clearTimeout(timer);
    return said();
  };
  return { pid: child.pid ?? -1, ended, said, waitFor, stop };
}

function late(command: Command, text: string, output: Output): CommandFailed {
  return new CommandFailed(command, { ...output, stderr: `${output.stderr}\n(waited in vain for "${text}")` });
}
