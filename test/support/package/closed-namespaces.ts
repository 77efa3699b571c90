/**
 * A place where ordinary users may make no user namespaces, as on some systems: a user namespace in which root has set their
 * number to none (namespaces(7)). Users and files are as outside, and outside nothing changes.
 * @module
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { readlinkSync, writeFileSync } from 'node:fs';
import { end } from '../electron/display.ts';
import { until } from '../until.ts';

/** One. */
export class ClosedNamespaces {
  readonly #holder: ChildProcess;

  private constructor(holder: ChildProcess) {
    this.#holder = holder;
  }

  /** Make it. */
  static async start(): Promise<ClosedNamespaces> {
    // It ends with its standard input.
    const holder = spawn('unshare', ['--user', 'cat'], { stdio: ['pipe', 'ignore', 'ignore'] });
    const place = new ClosedNamespaces(holder);
    const own = readlinkSync('/proc/self/ns/user');
    await until(() => readlinkSync(`/proc/${holder.pid}/ns/user`) !== own);
    for (const map of ['uid_map', 'gid_map']) writeFileSync(`/proc/${holder.pid}/${map}`, '0 0 65536\n');
    const [enter = '', ...rest] = place.within;
    execFileSync(enter, [...rest, 'sh', '-c', 'echo 0 >/proc/sys/user/max_user_namespaces']);
    return place;
  }

  /** Words before a program that runs in it, as root. */
  get within(): readonly string[] {
    return ['nsenter', `--user=/proc/${this.#holder.pid}/ns/user`, '--'];
  }

  /** Be done with it. */
  stop(): Promise<void> {
    return end(this.#holder);
  }
}
