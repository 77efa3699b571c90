/**
 * The life of the deb on this machine, from the first installation to the purge, with a tunnel between two namespaces. The
 * steps stand on each other.
 * @module
 */
import assert from 'node:assert/strict';
import { execFileSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { testPackageName as debName } from '#build/package/builder-config.ts';
import { hasProgram } from '#build/test/machine.ts';
import { ClosedNamespaces } from '#test/support/package/closed-namespaces.ts';
import { debField, dpkg, findDeb, isInstalled, nextBuild } from '#test/support/package/deb-file.ts';
import { PackagedWindow } from '#test/support/package/packaged-window.ts';
import { addedLines, listSystem } from '#test/support/package/system-listing.ts';
import { joinByVeth, NetworkNamespace } from '#test/support/network-namespace.ts';

const deb = findDeb();
/** What the package would take for its own, and purge. */
const owned = ['/opt/Culvert', '/var/lib/culvert', '/usr/bin/culvert', '/run/culvert', '/etc/default/culvert'];
const occupied =
  owned.find((path) => existsSync(path)) ??
  (isInstalled() ? `the package ${debName}` : null) ??
  (/^culvert:/m.test(readFileSync('/etc/group', 'utf8')) ? 'a group culvert' : null);
const skip = deb === null ? 'no deb was built' : occupied === null ? false : `this machine has ${occupied} already`;

const nobody = ['setpriv', '--reuid=65534', '--clear-groups'] as const;

let work: string;
let near: NetworkNamespace;
let far: NetworkNamespace;
let listing: ReadonlySet<string>;
let window: PackagedWindow | null = null;
const helpers: ChildProcess[] = [];

before(() => {
  if (skip !== false) return;
  listing = listSystem();
  work = mkdtempSync(join(tmpdir(), 'culvert-package-'));
  near = new NetworkNamespace('near');
  far = new NetworkNamespace('far');
  joinByVeth(
    { namespace: near, device: 'eth0', addresses: ['192.0.2.1/24'] },
    { namespace: far, device: 'eth0', addresses: ['192.0.2.2/24'] },
  );
  near.ip('address add 10.1.0.1/24 dev lo');
  far.ip('address add 10.2.0.1/24 dev lo');
});

after(async () => {
  if (skip !== false) return;
  await window?.dispose();
  for (const helper of helpers) await end(helper);
  if (isInstalled()) dpkg('--purge', debName);
  near.remove();
  far.remove();
  rmSync(work, { recursive: true, force: true });
});

/** The words of the unit's ExecStart, as systemd would run them. */
function unitWords(): readonly string[] {
  const unit = readFileSync('/usr/lib/systemd/system/culvertd.service', 'utf8');
  const line = /^ExecStart=(.*)$/m.exec(unit)?.[1] ?? '';
  return line.replace(' $CULVERTD_OPTIONS', '').split(' ');
}

async function startHelper(namespace: NetworkNamespace, words: readonly string[]): Promise<ChildProcess> {
  const [program = '', ...rest] = words;
  // No PATH with a Node.js in it: the package brings its own.
  const helper = namespace.start('env', '-i', 'PATH=/usr/sbin:/usr/bin:/sbin:/bin', program, ...rest);
  helpers.push(helper);
  let log = '';
  helper.stderr?.setEncoding('utf8').on('data', (text: string) => (log += text));
  const until = Date.now() + 60_000;
  while (!log.includes('culvertd is ready')) {
    assert.ok(helper.exitCode === null && Date.now() < until, `culvertd is not ready: ${log}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return helper;
}

async function end(helper: ChildProcess): Promise<void> {
  if (helper.exitCode !== null || helper.signalCode !== null) return;
  helper.kill('SIGTERM');
  await once(helper, 'exit');
}

/** Run the installed culvert in a namespace. @throws {Error} with what it said when it is refused. */
function culvert(namespace: NetworkNamespace, ...words: readonly string[]): string {
  const own = namespace === far ? ['--socket', join(work, 'far.sock')] : [];
  const { status, stdout, stderr } = namespace.run('/usr/bin/culvert', ...own, ...words);
  assert.equal(status, 0, `culvert ${words.join(' ')}: ${stderr}${stdout}`);
  return stdout;
}

function ping(): string {
  return near.run('ping', '-c', '5', '-i', '0.2', '-W', '5', '-I', '10.1.0.1', '10.2.0.1').stdout;
}

/** The program that the desktop entry names. */
function windowProgram(): string {
  const entry = readFileSync('/usr/share/applications/culvert.desktop', 'utf8');
  return /^Exec=(\S+) %U$/m.exec(entry)?.[1] ?? 'none';
}

/** Give the other end its profile, with the keys, as a person would by a file. */
function makeMirror(name: string, there: string): void {
  const mirror = join(work, 'mirror.json');
  writeFileSync(mirror, '', { mode: 0o600 });
  culvert(near, 'export', name, '--format', 'json', '--peer', '--with-keys', '-o', mirror);
  const { profile, secrets } = JSON.parse(readFileSync(mirror, 'utf8')) as { profile: object; secrets: object };
  writeFileSync(mirror, JSON.stringify({ profile: { ...profile, name: there }, secrets }));
  culvert(far, 'profile', 'create', '-f', mirror);
  culvert(far, 'up', there);
}

function groupId(): number {
  return Number(/^culvert:[^:]*:(\d+):/m.exec(readFileSync('/etc/group', 'utf8'))?.[1]);
}

async function continueTo(page: Page, heading: string): Promise<void> {
  await page.getByRole('button', { name: /^Continue/ }).click();
  await page.getByRole('heading', { name: heading, exact: true }).waitFor();
}

/** Of the process that shows the page: what the kernel says of its sandbox (proc_pid_status(5)). */
function sandboxOf(program: string): readonly string[] {
  const renderers = globSync('/proc/[0-9]*/cmdline').filter((path) => {
    const words = readIfThere(path).split('\0').join(' ');
    return words.startsWith(program) && words.includes('--type=renderer');
  });
  return renderers.map((path) => {
    const status = readIfThere(path.replace('cmdline', 'status'));
    return [...status.matchAll(/^(?:NoNewPrivs|Seccomp|CapEff):\t.*$/gm)].map(([line]) => line).join(' ');
  });
}

/** A process may end meanwhile. */
function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

const helperVersion = (): string =>
  (JSON.parse(culvert(near, 'status', '--json')) as { readonly helperVersion: string }).helperVersion;
const programVersion = (): string => culvert(near, '--version').trim();

test('it is installed, with both programs in the path and a group for operators', { skip }, () => {
  dpkg('--install', deb ?? '');
  assert.equal(programVersion(), debField(deb ?? '', 'Version').replace('~', '-'));
  assert.match(readFileSync('/etc/group', 'utf8'), /^culvert:/m);
  assert.equal(statSync('/var/lib/culvert').mode & 0o777, 0o700);
});

test(
  'zsh completes it without being told where from',
  { skip: skip || (!hasProgram('zsh') && 'zsh is missing') },
  () => {
    const { stdout } = near.run('zsh', '-f', '-c', 'autoload -Uz compinit; compinit -D; print $_comps[culvert]');
    assert.equal(stdout.trim(), '_culvert');
    const { stderr, status } = near.run('zsh', '-f', '-c', 'autoload -Uz +X _culvert && functions _culvert');
    assert.deepEqual([status, stderr], [0, '']);
  },
);

test('the window starts for a member of the group, its sandbox on, and makes a tunnel', { skip }, async () => {
  await startHelper(near, unitWords());
  window = await PackagedWindow.prepare(windowProgram());
  const page = await window.open({ group: groupId() });
  const sandbox = sandboxOf(windowProgram());
  assert.deepEqual(sandbox, ['CapEff:\t0000000000000000 NoNewPrivs:\t1 Seccomp:\t2']);
  await page.getByRole('link', { name: 'New tunnel' }).first().click();
  await page.getByLabel('Name').fill('office');
  await continueTo(page, 'Where does it begin and end?');
  await page.getByLabel('Address of the other end').fill('192.0.2.2');
  await page.getByText('From 192.0.2.1 on eth0').waitFor();
  await continueTo(page, 'Keys');
  await continueTo(page, 'What goes through?');
  await page.getByLabel('Behind this end').fill('10.1.0.0/24');
  await page.getByLabel('Behind the other end').fill('10.2.0.0/24');
  await continueTo(page, 'Check and start');
  await page.getByRole('button', { name: 'Make the tunnel and connect' }).click();
  await page.getByText('Waiting for the other end').waitFor();

  await startHelper(far, ['/usr/bin/culvertd', '--socket', join(work, 'far.sock'), '--state-dir', join(work, 'far')]);
  makeMirror('office', 'branch');
  assert.match(ping(), / 0% packet loss/);
  await page.getByText('The tunnel works', { exact: true }).waitFor();
});

test('a member of the group may change things, anybody else may only look', { skip }, () => {
  const gid = String(groupId());
  const as = (group: string, ...words: readonly string[]) =>
    near.run(...nobody, `--regid=${group}`, '/usr/bin/culvert', ...words);
  assert.equal(as('65534', 'status').status, 0);
  const refused = as('65534', 'sysctl', 'net.ipsecif.audit=0');
  assert.notEqual(refused.status, 0);
  assert.equal(as(gid, 'sysctl', 'net.ipsecif.audit=0').status, 0);
});

test('an upgrade while the tunnel is up loses no packet of it; a restart takes the new helper', { skip }, async () => {
  const next = nextBuild(deb ?? '', work);
  const profiles = culvert(near, 'profile', 'list', '--json');
  const old = helperVersion();
  const pinging = near.start('ping', '-i', '0.1', '-I', '10.1.0.1', '10.2.0.1');
  let said = '';
  pinging.stdout?.setEncoding('utf8').on('data', (text: string) => (said += text));
  dpkg('--install', next);
  pinging.kill('SIGINT');
  await once(pinging, 'close');
  assert.match(said, / 0% packet loss/);
  assert.equal(culvert(near, 'profile', 'list', '--json'), profiles);
  assert.equal(helperVersion(), old);
  assert.notEqual(programVersion(), old);

  await end(helpers.shift() ?? assert.fail('no helper runs'));
  helpers.unshift(await startHelper(near, unitWords()));
  assert.equal(helperVersion(), programVersion());
  assert.match(ping(), / 0% packet loss/);
});

test('the window that was open goes on, and the new one shows the tunnel, too', { skip }, async () => {
  const shown = window ?? assert.fail('no window is open');
  assert.equal(shown.hasEnded(), false);
  await shown.close();
  const page = await shown.open({ group: groupId() });
  await page.getByRole('link', { name: 'Tunnels' }).click();
  await page.getByRole('link', { name: /^office/ }).waitFor();
});

test(
  'where nobody may make user namespaces the package sets up another sandbox, and pages are in it',
  { skip },
  async () => {
    const closed = await ClosedNamespaces.start();
    const other = await PackagedWindow.prepare(windowProgram(), closed.within);
    try {
      const script = `/var/lib/dpkg/info/${debName}.postinst`;
      const [enter = '', ...rest] = closed.within;
      execFileSync(enter, [...rest, script, 'configure', '0'], { stdio: 'ignore' });
      await other.open();
      const sandboxes = sandboxOf(windowProgram());
      const one = 'CapEff:\t0000000000000000 NoNewPrivs:\t1 Seccomp:\t2';
      assert.deepEqual(sandboxes, [one, one]);
      assert.equal(statSync('/opt/Culvert/chrome-sandbox').mode & 0o7777, 0o4755);
      assert.match(readFileSync(`/proc/${other.pid}/cmdline`, 'utf8'), /^(?!.*no-sandbox)/s);
    } finally {
      await other.dispose();
      await closed.stop();
    }
  },
);

test('removing keeps profiles, purging leaves nothing', { skip }, async () => {
  await window?.dispose();
  window = null;
  for (const helper of helpers) await end(helper); // as systemd does where it runs
  dpkg('--remove', debName);
  assert.ok(!existsSync('/opt/Culvert') && !existsSync('/usr/bin/culvert'));
  assert.ok(existsSync('/var/lib/culvert/profiles'));
  dpkg('--purge', debName);
  assert.deepEqual(near.devices(), ['eth0']);
  assert.deepEqual(addedLines(listing, listSystem()), []);
});
