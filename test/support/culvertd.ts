/**
 * A culvertd of a test: started from the sources, in a directory of its own, stopped and cleaned up after.
 * @module
 */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import type { Answer, Method, Params, Result } from '#core/api/contract.ts';
import type { NetworkNamespace } from './network-namespace.ts';

/** Longest that culvertd may take to be ready: it compiles nothing, but the machine may be busy. */
const startTimeoutMs = 30_000;

/** What build/bin/culvertd.mjs tells Node.js: tests run what users run. */
const { nodeOptions } = JSON.parse(readFileSync('build/bin/culvertd.json', 'utf8')) as { nodeOptions: string[] };

/** Workers of each direction where a test says nothing: any test can be run with several. */
const workers = process.env['CULVERT_TEST_WORKERS'];

/** Longest that it may take to stop before it is killed. */
const stopTimeoutMs = 10_000;

/** A running culvertd. */
export class Culvertd {
  readonly directory: string;
  readonly socket: string;
  readonly child: ChildProcess;
  /** Resolves with exit status or signal. */
  readonly exited: Promise<number | string>;
  #log = '';

  private constructor(namespace: NetworkNamespace | null, args: readonly string[], directory: string) {
    this.directory = directory;
    this.socket = join(directory, 'run', 'control.sock');
    const own = [
      ...nodeOptions,
      'core/helper/main.ts',
      '--socket',
      this.socket,
      '--state-dir',
      join(directory, 'state'),
    ];
    if (workers !== undefined) own.push('--workers', workers);
    this.child =
      namespace?.start(process.execPath, ...own, ...args) ??
      spawn(process.execPath, [...own, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.#log += text));
    this.exited = new Promise((resolve) => {
      this.child.once('exit', (code, signal) => resolve(code ?? signal ?? 'unknown'));
    });
  }

  /** Start culvertd in a namespace (null: this one) and wait until it serves, or has ended. */
  static async start(namespace: NetworkNamespace | null, ...args: readonly string[]): Promise<Culvertd> {
    const directory = mkdtempSync(join(tmpdir(), 'culvertd-'));
    // Other users must be able to reach the socket below it.
    chmodSync(directory, 0o711);
    return Culvertd.restart(directory, namespace, ...args);
  }

  /** Start culvertd over the directory that another one used. */
  static async restart(
    directory: string,
    namespace: NetworkNamespace | null,
    ...args: readonly string[]
  ): Promise<Culvertd> {
    const culvertd = new Culvertd(namespace, args, directory);
    const until = Date.now() + startTimeoutMs;
    while (!culvertd.log.includes('culvertd is ready') && culvertd.child.exitCode === null && Date.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return culvertd;
  }

  /** What it wrote to standard error so far. */
  get log(): string {
    return this.#log;
  }

  /** Ask it over the control socket, as the user of this process; throws when the answer is an error. */
  async ask<M extends Method>(method: M, params: Params<M>): Promise<Result<M>> {
    const answer = await this.request(method, params);
    if (!answer.ok) throw new Error(`${method}: ${answer.error.code}: ${answer.error.message}`);
    return answer.value;
  }

  /** Ask it, and give the answer as it is. */
  async request<M extends Method>(method: M, params: unknown): Promise<Answer<M>> {
    const stream = connect(this.socket);
    try {
      await new Promise((resolve, reject) => stream.once('connect', resolve).once('error', reject));
      const client = createMessageConnection(new StreamMessageReader(stream), new StreamMessageWriter(stream));
      client.listen();
      return await client.sendRequest<Answer<M>>(method, params);
    } finally {
      stream.destroy();
    }
  }

  /** Send a signal and wait for the end. */
  async kill(signal: NodeJS.Signals): Promise<number | string> {
    this.child.kill(signal);
    return this.exited;
  }

  /** End it if it still runs, and remove its directory. */
  async dispose(): Promise<void> {
    // In order: a culvertd that is killed leaves its devices.
    const timer = setTimeout(() => this.child.kill('SIGKILL'), stopTimeoutMs);
    if (this.child.exitCode === null && this.child.signalCode === null) await this.kill('SIGTERM');
    clearTimeout(timer);
    rmSync(this.directory, { recursive: true, force: true });
  }
}
