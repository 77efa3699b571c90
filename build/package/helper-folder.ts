/**
 * culvert and culvertd as a package carries them: the sources, the libraries that they use, and a Node.js that runs them,
 * so that the system needs none.
 * @module
 */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { releasePage } from '../window/page.ts';
import { closeOver, readLock } from './npm-lock.ts';

/** Where it is put together. */
export const helperFolder = join('dist', 'helper');

/** What the two programs import, beside the native package. */
export const libraries = ['@noble/ciphers', '@noble/hashes', 'commander', 'pino', 'uqr', 'vscode-jsonrpc', 'ws', 'zod'];

/** What Node.js is told for culvertd; build/bin/culvertd.mjs says why. */
const { nodeOptions } = JSON.parse(readFileSync('build/bin/culvertd.json', 'utf8')) as { nodeOptions: string[] };

type Program = { readonly source: string; readonly options: readonly string[] };

/** Programs → their source, and what Node.js is told. */
const programs: Readonly<Record<string, Program>> = {
  culvert: { source: 'core/cli/main.ts', options: [] },
  culvertd: { source: 'core/helper/main.ts', options: nodeOptions },
};

/** Put it together. `version` is what both programs say of themselves. */
export function buildHelperFolder(version: string): void {
  rmSync(helperFolder, { recursive: true, force: true });
  mkdirSync(join(helperFolder, 'bin'), { recursive: true });
  cpSync('core', join(helperFolder, 'core'), {
    recursive: true,
    filter: (path) => !path.startsWith(join('core', 'tun-tap')),
  });
  copyNativePackage();
  for (const path of closeOver(libraries, readLock())) copyLibrary(path);
  cpSync(releasePage.folder, join(helperFolder, 'dist', 'renderer'), { recursive: true });
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as object;
  writeFileSync(join(helperFolder, 'package.json'), `${JSON.stringify({ ...manifest, version }, null, 2)}\n`);
  copyFileSync('LICENSE', join(helperFolder, 'LICENSE'));
  copyProgram(realpathSync(process.execPath), join(helperFolder, 'bin', 'node'));
  for (const [name, program] of Object.entries(programs)) writeLauncher(name, program);
}

/** Without its table of symbols and what debuggers read: a seventh of its bytes. Addons find what they need elsewhere. */
function copyProgram(source: string, target: string): void {
  execFileSync('strip', [...(process.platform === 'darwin' ? ['-x'] : ['--strip-unneeded']), '-o', target, source]);
  chmodSync(target, 0o755);
}

/** Without what only its authors need: tests, documents, and programs that would want a Node.js of the system. */
function copyLibrary(path: string): void {
  const unused = /^(?:\..*|test|tests|docs|docsify|benchmarks|examples|bin\.js|index\.html|.*\.map|.*\.d\.[cm]?ts)$/;
  const filter = (source: string): boolean =>
    !relative(path, source)
      .split('/')
      .some((name) => unused.test(name));
  cpSync(path, join(helperFolder, path), { recursive: true, filter });
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

/**
 * A symlink in /usr/bin names this file, so it asks where it really lies. What Node.js compiles is kept; root's where
 * nobody else can write.
 */
function writeLauncher(name: string, { source, options }: Program): void {
  const path = join(helperFolder, 'bin', name);
  const text = `#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
if [ "$(id -u)" = 0 ]; then
  NODE_COMPILE_CACHE=/var/cache/culvert/compiled
else
  NODE_COMPILE_CACHE="\${XDG_CACHE_HOME:-$HOME/.cache}/culvert/compiled"
fi
export NODE_COMPILE_CACHE
unset NODE_OPTIONS NODE_PATH
exec "$here/node" ${[...options, `"$here/../${source}"`].join(' ')} "$@"
`;
  writeFileSync(path, text);
  chmodSync(path, 0o755);
}
