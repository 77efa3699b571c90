/**
 * A package's files as they would lie below `/`, to be compared with another's.
 * @module
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { globSync, lstatSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** Path → what is there: a link's target, or whether it runs (and as whom), and its digest. */
export type PackageTree = ReadonlyMap<string, string>;

/** Run a line of the shell with `words` as its $1, $2, …; throws with what it said. */
export function shell(line: string, ...words: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync('sh', ['-ec', line, 'sh', ...words], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${line}: ${stderr}${stdout}`);
  return stdout;
}

/** What electron-builder adds to the packed folder when it makes deb and rpm: no other kind has it. */
const laterAdded = /\/apparmor-profile$/;

/** The folder that all kinds are made of, or `resources` in it. */
export function readPacked(root: string): PackageTree {
  return new Map([...readTree(root)].filter(([path]) => !laterAdded.test(path)));
}

/** Everything below `root` but folders. */
export function readTree(root: string): PackageTree {
  const files = globSync('**/*', { cwd: root, withFileTypes: true }).filter((entry) => !entry.isDirectory());
  return new Map(
    files
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((path) => [path.slice(root.length), describe(path)]),
  );
}

function describe(path: string): string {
  const status = lstatSync(path);
  if (status.isSymbolicLink()) return `-> ${readlinkSync(path)}`;
  const digest = createHash('sha256').update(readFileSync(path)).digest('hex');
  return `${(status.mode & 0o7100).toString(8)} ${digest}`;
}

/** Paths that are in one alone, or not alike. */
export function differences(one: PackageTree, other: PackageTree): readonly string[] {
  return [...new Set([...one.keys(), ...other.keys()])].filter((path) => one.get(path) !== other.get(path));
}
