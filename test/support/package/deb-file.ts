/**
 * The deb that `npm run dist` has built for tests, and what dpkg knows of it.
 * @module
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { testPackageName } from '#build/package/builder-config.ts';

/** Where the deb lies; null where none was built. */
export function findDeb(): string | null {
  return globSync('dist/test-packages/*-test.1-amd64.deb')[0] ?? null;
}

/** Whether this machine has the package, or what one has left. */
export function isInstalled(): boolean {
  return spawnSync('dpkg-query', ['--status', testPackageName]).status === 0;
}

/** A field of its control file. */
export function debField(path: string, field: string): string {
  return execFileSync('dpkg-deb', ['--field', path, field], { encoding: 'utf8' }).trim();
}

/**
 * The same package as the second build of its version: what both programs say of themselves, and dpkg of it, is
 * higher. Written below `folder`.
 */
export function nextBuild(path: string, folder: string): string {
  const root = join(folder, 'root');
  execFileSync('dpkg-deb', ['--raw-extract', path, root]);
  replaceIn(join(root, 'DEBIAN', 'control'), /^(Version: .*)1$/m, '$12');
  replaceIn(join(root, 'opt/Culvert/resources/helper/package.json'), /("version": ".*)1"/, '$12"');
  const target = join(folder, 'next.deb');
  mkdirSync(dirname(target), { recursive: true });
  execFileSync('dpkg-deb', ['--root-owner-group', '-Zgzip', '-z1', '--build', root, target], { stdio: 'ignore' });
  return target;
}

function replaceIn(path: string, pattern: RegExp, text: string): void {
  const before = readFileSync(path, 'utf8');
  const after = before.replace(pattern, text);
  if (after === before) throw new Error(`${path} has no ${String(pattern)}`);
  writeFileSync(path, after);
}

/** Run dpkg, without its waits for the disk; throws with what it said. */
export function dpkg(...words: readonly string[]): void {
  const { status, stderr, stdout } = spawnSync('dpkg', ['--force-unsafe-io', ...words], {
    encoding: 'utf8',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (status !== 0) throw new Error(`dpkg ${words.join(' ')}: ${stdout}${stderr}`);
}
