/**
 * From which sources the packages in a folder were built, so that who measures or tests them knows whether they are of the
 * sources of this moment.
 * @module
 */
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** All that is in a package, or decides what is. */
const sources = [
  ...['core/**/*', 'electron/**/*', 'renderer/**/*', 'build/**/*', 'docs/manual/*', 'test/support/electron/*'],
  ...['package.json', 'package-lock.json', 'LICENSE'],
];

/** Cargo's: what is packed of it is the addon, which lies beside it. */
const isMade = (path: string): boolean => /^core\/tun-tap\/(?:target|node_modules)\b/.test(path);

const stampSchema = z.object({
  /** Digest of the sources. */
  sources: z.string(),
  /** Paths of the packages. */
  packages: z.array(z.string()),
});

/** What is known of a folder of packages. */
export type PackageStamp = z.output<typeof stampSchema>;

const stampPath = (folder: string): string => join(folder, 'sources.json');

/** Digest of the sources below `root` as they are now. */
export function hashSources(root: string): string {
  const files = globSync(sources, { cwd: root, withFileTypes: true, exclude: (entry) => entry.name === 'target' })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !isMade(path.slice(root.length + 1)))
    .sort();
  const hash = createHash('sha256');
  for (const path of files)
    hash
      .update(`${path.slice(root.length)}\0`)
      .update(readFileSync(path))
      .update('\0');
  return hash.digest('hex');
}

/** Packages are about to be built in `folder`: what lies there is of no sources until they are. */
export function forgetStamp(folder: string): void {
  rmSync(stampPath(folder), { force: true });
}

/** Keep what `packages` were built from. */
export function writeStamp(folder: string, stamp: PackageStamp): void {
  writeFileSync(stampPath(folder), `${JSON.stringify(stamp, null, 2)}\n`);
}

/** What is known of `folder`; null where nothing was built, or a build did not end. */
export function readStamp(folder: string): PackageStamp | null {
  const path = stampPath(folder);
  if (!existsSync(path)) return null;
  const parsed = stampSchema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  return parsed.success ? parsed.data : null;
}
