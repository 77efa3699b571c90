/**
 * culvert and culvertd as a package carries them: the sources, the libraries that they use, and a Node.js that runs them,
 * so that the system needs none.
 * @module
 */
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

/** Where it is put together. */
export const helperFolder = join('dist', 'helper');

/** Symlinks for /usr/bin. */
export const linksFolder = join('dist', 'links');

/** What the two programs import, beside the native package. */
const libraries = ['@noble/ciphers', '@noble/hashes', 'commander', 'pino', 'vscode-jsonrpc', 'ws', 'zod'];

/** Programs → their source. */
const programs = { culvert: 'core/cli/main.ts', culvertd: 'core/helper/main.ts' } as const;

type Lock = {
  readonly packages: Readonly<Record<string, { readonly dependencies?: Readonly<Record<string, string>> }>>;
};

/** Put it together. */
export function buildHelperFolder(): void {
  rmSync(helperFolder, { recursive: true, force: true });
  mkdirSync(join(helperFolder, 'bin'), { recursive: true });
  cpSync('core', join(helperFolder, 'core'), {
    recursive: true,
    filter: (path) => !path.startsWith(join('core', 'tun-tap')),
  });
  copyNativePackage();
  const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as Lock;
  for (const path of closeOver(libraries, lock)) cpSync(path, join(helperFolder, path), { recursive: true });
  cpSync('dist/renderer', join(helperFolder, 'dist', 'renderer'), { recursive: true });
  copyFileSync('package.json', join(helperFolder, 'package.json'));
  copyFileSync('LICENSE', join(helperFolder, 'LICENSE'));
  copyFileSync(realpathSync(process.execPath), join(helperFolder, 'bin', 'node'));
  for (const [name, source] of Object.entries(programs)) writeLauncher(name, source);
  buildLinks();
}

function buildLinks(): void {
  rmSync(linksFolder, { recursive: true, force: true });
  mkdirSync(linksFolder, { recursive: true });
  for (const name of Object.keys(programs)) {
    symlinkSync(`/opt/Culvert/resources/helper/bin/${name}`, join(linksFolder, name));
  }
}

/** Folders of `names` and of everything that they need, as package-lock.json has them. */
export function closeOver(names: readonly string[], { packages }: Lock): readonly string[] {
  const found = new Set<string>();
  const add = (name: string, from: string): void => {
    const nested = `${from}/node_modules/${name}`;
    const path = packages[nested] === undefined ? `node_modules/${name}` : nested;
    if (found.has(path) || packages[path] === undefined) return;
    found.add(path);
    for (const next of Object.keys(packages[path].dependencies ?? {})) add(next, path);
  };
  for (const name of names) add(name, '');
  return [...found].sort();
}

function copyNativePackage(): void {
  const target = join(helperFolder, 'node_modules', 'tun-tap');
  mkdirSync(target, { recursive: true });
  const source = join('core', 'tun-tap');
  for (const name of readdirSync(source)) {
    if (/^(package\.json|load\.cjs|index\.d\.ts)$|\.node$/.test(name))
      copyFileSync(join(source, name), join(target, name));
  }
}

/** A symlink in /usr/bin names this file, so it asks where it really lies. */
function writeLauncher(name: string, source: string): void {
  const path = join(helperFolder, 'bin', name);
  writeFileSync(
    path,
    `#!/bin/sh\nhere=$(dirname "$(readlink -f "$0")")\nexec "$here/node" "$here/../${source}" "$@"\n`,
  );
  chmodSync(path, 0o755);
}
