/**
 * What a package could leave behind: files, users, groups, devices and routes of this machine, as lines.
 * @module
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const folders = ['/dev', '/etc', '/opt', '/usr', '/var/lib', '/run/culvert', '/var/cache/culvert/compiled'];

/** What dpkg, apt and other programs write while anything is installed: their books, not what is in them. */
const books = [
  '/etc/.pwd.lock',
  '/etc/group-',
  '/etc/gshadow-',
  '/dev/pts',
  '/dev/shm',
  '/var/lib/apt',
  '/var/lib/dpkg',
  '/var/lib/systemd',
];

/** The listing. */
export function listSystem(): ReadonlySet<string> {
  const pruned = books.flatMap((path) => ['-path', path, '-prune', '-o']);
  const found = folders.filter((folder) => existsSync(folder));
  const files = execFileSync('find', [...found, ...pruned, '-name', '__pycache__', '-prune', '-o', '-print'], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const names = (path: string): readonly string[] =>
    readFileSync(path, 'utf8')
      .split('\n')
      .map((line) => `${path}: ${line.split(':')[0]}`);
  const ip = (...words: readonly string[]): readonly string[] =>
    execFileSync('ip', ['-brief', ...words], { encoding: 'utf8' })
      .split('\n')
      .map((line) => line.trim());
  const devices = ip('link').map((line) => `device ${line.split(/\s/)[0]}`);
  return new Set([
    ...files.split('\n'),
    ...names('/etc/passwd'),
    ...names('/etc/group'),
    ...devices,
    ...ip('route', 'show', 'table', 'all').map((line) => `route ${line}`),
  ]);
}

/** What is in the second and was not in the first. */
export function addedLines(before: ReadonlySet<string>, after: ReadonlySet<string>): readonly string[] {
  return [...after].filter((line) => !before.has(line));
}
