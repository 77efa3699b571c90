/**
 * The deb's files laid over this machine's, with a system bus and polkit's daemon, in a mount namespace of the test's own:
 * nothing outside of it changes, and nothing is left when it ends. There is no systemd in it; what stands for `systemctl`
 * starts the helper by the words of its unit.
 * @module
 */
import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasProgram } from '#build/test/machine.ts';
import { end, firstLine } from '../electron/display.ts';
import { until } from '../until.ts';
import type { NetworkNamespace } from '../network-namespace.ts';

/** Who may let others do things: a member of the group that Debian's polkit asks. */
export const administrator = { name: 'culvert-admin', password: 'horse-battery' } as const;

/** $1: the unpacked deb, $2: a folder for what is written. */
const layScript = `
mount -t tmpfs tmpfs "$2"
for name in etc usr opt var; do
  lower="/$name"
  if [ -d "$1/$name" ]; then lower="$1/$name:/$name"; fi
  mkdir "$2/$name" "$2/$name.work"
  mount -t overlay overlay -o "lowerdir=$lower,upperdir=$2/$name,workdir=$2/$name.work" "/$name"
done
mount -t tmpfs -o mode=755 tmpfs /run
mkdir /run/dbus
useradd --no-create-home --groups sudo ${administrator.name}
echo '${administrator.name}:${administrator.password}' | chpasswd
"$1/DEBIAN/postinst" configure >/dev/null 2>&1
mkdir -p /run/systemd/system
echo laid
exec cat
`;

/** What keeps one from this machine; null for nothing. */
export function missingForLaidSystem(): string | null {
  if (!hasProgram('pkexec') || !existsSync('/usr/lib/polkit-1/polkitd')) return 'polkitd or pkexec';
  const probe =
    'mount -t tmpfs tmpfs /mnt; cd /mnt; mkdir up work; mount -t overlay overlay -o lowerdir=/usr,upperdir=up,workdir=work /usr';
  const { status } = spawnSync('unshare', ['--mount', '--propagation', 'private', 'sh', '-ec', probe]);
  return status === 0 ? null : 'a file system that can be laid over another (overlayfs)';
}

/** What stands for systemctl. $3: the process whose network is the helper's. */
const systemctl = (holder: number): string => `#!/bin/sh -e
[ "$*" = 'start culvertd.service' ]
words=$(sed -n 's/^ExecStart=//p' /usr/lib/systemd/system/culvertd.service | sed 's/ [$]CULVERTD_OPTIONS//')
PATH=/usr/sbin:/usr/bin setsid nsenter --net=/proc/${holder}/ns/net $words </dev/null >/run/culvertd.log 2>&1 &
echo $! >/run/culvertd.pid
`;

/** A machine that has the package. */
export class LaidSystem {
  readonly #folder: string;
  readonly #holder: ChildProcess;
  readonly #daemons: ChildProcess[] = [];

  private constructor(folder: string, holder: ChildProcess) {
    this.#folder = folder;
    this.#holder = holder;
  }

  /** Lay `deb` over the machine; what needs a network gets the one of `namespace`. */
  static async start(deb: string, namespace: NetworkNamespace): Promise<LaidSystem> {
    const folder = mkdtempSync(join(tmpdir(), 'culvert-laid-'));
    const [root, written] = [join(folder, 'root'), join(folder, 'written')];
    execFileSync('dpkg-deb', ['--raw-extract', deb, root]);
    mkdirSync(written);
    const lay = ['unshare', '--mount', '--propagation', 'private', 'sh', '-ec', layScript, 'sh', root, written];
    // It ends with its standard input: a test that is killed leaves nothing either.
    const holder = namespace.start(...(lay as [string, ...string[]]));
    const system = new LaidSystem(folder, holder);
    try {
      await firstLine(holder);
      system.write('/usr/bin/systemctl', systemctl(holder.pid ?? 0), 0o755);
      await system.#startPolkit();
      return system;
    } catch (error) {
      await system.dispose();
      throw error;
    }
  }

  /** Words before a program that runs in it. */
  get within(): readonly string[] {
    return ['nsenter', `--mount=/proc/${this.#holder.pid}/ns/mnt`, '--'];
  }

  /** Where one of its files is seen from outside. */
  path(inside: string): string {
    return `/proc/${this.#holder.pid}/root${inside}`;
  }

  /** Write one of its files. */
  write(inside: string, text: string, mode = 0o644): void {
    rmSync(this.path(inside), { force: true });
    writeFileSync(this.path(inside), text, { mode });
  }

  /** Run a program in it to its end; gives what it prints. */
  run(program: string, ...words: readonly string[]): string {
    const [enter = '', ...rest] = this.within;
    return execFileSync(enter, [...rest, program, ...words], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  }

  /** The address of its system bus, for the test. */
  get busAddress(): string {
    return `unix:path=${this.path('/run/dbus/system_bus_socket')}`;
  }

  /** The number of the package's group. */
  groupId(): number {
    return Number(/^culvert:[^:]*:(\d+):/m.exec(readFileSync(this.path('/etc/group'), 'utf8'))?.[1]);
  }

  /** End everything in it, and it. */
  async dispose(): Promise<void> {
    await this.#endHelper();
    for (const daemon of this.#daemons.reverse()) await end(daemon);
    await end(this.#holder);
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 10 });
  }

  async #startPolkit(): Promise<void> {
    this.#daemons.push(this.#start('dbus-daemon', '--system', '--nofork', '--nopidfile'));
    await until(() => this.#succeeds('test', '-S', '/run/dbus/system_bus_socket'));
    this.#daemons.push(this.#start('/usr/lib/polkit-1/polkitd', '--no-debug'));
    await until(() => this.#succeeds('pkaction', '--action-id', 'org.culvert.start-helper'));
  }

  #start(program: string, ...words: readonly string[]): ChildProcess {
    const [enter = '', ...rest] = this.within;
    return spawn(enter, [...rest, program, ...words], { stdio: 'ignore' });
  }

  #succeeds(program: string, ...words: readonly string[]): boolean {
    try {
      this.run(program, ...words);
      return true;
    } catch {
      return false;
    }
  }

  /** It is no child of the test. */
  async #endHelper(): Promise<void> {
    let pid: number;
    try {
      pid = Number(readFileSync(this.path('/run/culvertd.pid'), 'utf8'));
      process.kill(pid, 'SIGTERM');
    } catch {
      return; // It was never started, or has ended.
    }
    await until(() => !this.#succeeds('test', '-d', `/proc/${pid}`));
  }
}
