/**
 * The life of the deb on this machine, from the first installation to the purge, with a tunnel between two namespaces. The
 * steps stand on each other.
 * @module
 */
import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { debField, debName, dpkg, findDeb, isInstalled, nextBuild } from '#test/support/package/deb-file.ts';
import { addedLines, listSystem } from '#test/support/package/system-listing.ts';
import { joinByVeth, NetworkNamespace } from '#test/support/network-namespace.ts';

const deb = findDeb();
const occupied =
  isInstalled() || ['/opt/Culvert', '/var/lib/culvert', '/usr/bin/culvert'].some((path) => existsSync(path));
const skip = deb === null ? 'no deb was built' : occupied ? 'Culvert is installed here' : false;

const nobody = ['setpriv', '--reuid=65534', '--clear-groups'] as const;

let work: string;
let near: NetworkNamespace;
let far: NetworkNamespace;
let listing: ReadonlySet<string>;
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
});

after(async () => {
  if (skip !== false) return;
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
  return near.run('ping', '-c', '5', '-i', '0.2', '-W', '5', '172.31.0.2').stdout;
}

const helperVersion = (): string =>
  (JSON.parse(culvert(near, 'status', '--json')) as { readonly helperVersion: string }).helperVersion;
const programVersion = (): string => culvert(near, '--version').trim();

test('it is installed, with both programs in the path and a group for operators', { skip }, () => {
  dpkg('--install', deb ?? '');
  assert.equal(programVersion(), debField(deb ?? '', 'Version').replace('~', '-'));
  assert.match(readFileSync('/etc/group', 'utf8'), /^culvert:/m);
  assert.equal(statSync('/var/lib/culvert').mode & 0o777, 0o700);
  for (const page of ['1/culvert.1', '8/culvertd.8', '5/culvert-profile.5', '4/ipsecif.4'])
    assert.ok(existsSync(`/usr/share/man/man${page}.gz`), page);
});

test('a tunnel between two helpers, made with the installed command line, carries a ping', { skip }, async () => {
  await startHelper(near, unitWords());
  await startHelper(far, ['/usr/bin/culvertd', '--socket', join(work, 'far.sock'), '--state-dir', join(work, 'far')]);
  const ends = ['--local', '192.0.2.1', '--peer', '192.0.2.2', '--address', '172.31.0.1/32,172.31.0.2'];
  culvert(near, 'profile', 'create', 'office', '--interface', 'ipsec0', ...ends, '--up-at-start');
  const mirror = join(work, 'mirror.json');
  writeFileSync(mirror, '', { mode: 0o600 });
  culvert(near, 'export', 'office', '--format', 'json', '--peer', '--with-keys', '-o', mirror);
  const { profile, secrets } = JSON.parse(readFileSync(mirror, 'utf8')) as { profile: object; secrets: object };
  writeFileSync(mirror, JSON.stringify({ profile: { ...profile, name: 'branch' }, secrets }));
  culvert(far, 'profile', 'create', '-f', mirror);
  culvert(near, 'up', 'office');
  culvert(far, 'up', 'branch');
  assert.match(ping(), / 0% packet loss/);
});

test('a member of the group may change things, anybody else may only look', { skip }, () => {
  const gid = /^culvert:[^:]*:(\d+):/m.exec(readFileSync('/etc/group', 'utf8'))?.[1] ?? '';
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
  const pinging = near.start('ping', '-i', '0.1', '172.31.0.2');
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

test('removing keeps profiles, purging leaves nothing', { skip }, async () => {
  for (const helper of helpers) await end(helper); // as systemd does where it runs
  dpkg('--remove', debName);
  assert.ok(!existsSync('/opt/Culvert') && !existsSync('/usr/bin/culvert'));
  assert.ok(existsSync('/var/lib/culvert/profiles'));
  dpkg('--purge', debName);
  assert.deepEqual(near.devices(), ['eth0']);
  assert.deepEqual(addedLines(listing, listSystem()), []);
});
