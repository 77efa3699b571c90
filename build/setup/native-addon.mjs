/**
 * The native package core/tun-tap, built with cargo when its sources have changed since the last build.
 * How it is built is written in its own package.json, as the script `build`.
 * @module
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join, relative } from 'node:path';
import { findProgram, runStep } from './child-process.mjs';
import { installDebianPackages } from './debian-packages.mjs';
import { say } from './say.mjs';

/** Files of the package that are made by the build, or by cargo beside it. */
const madeByBuild = /^(target|node_modules|index\.d\.ts)$|\.node$/;

/** PATH with cargo's own folder, which rustup adds only to login shells. */
export function pathWithCargo(path = process.env.PATH ?? '') {
  const cargoHome = process.env.CARGO_HOME ?? join(homedir(), '.cargo');
  return findProgram('cargo', path) === null ? `${path}${delimiter}${join(cargoHome, 'bin')}` : path;
}

/** Build the native package unless it is up to date. Without cargo, or when the build fails, says so and goes on. */
export async function buildNativeAddon(root, node) {
  const folder = join(root, 'core', 'tun-tap');
  const stamp = join(folder, 'target', 'culvert-sources.sha256');
  const hash = hashSources(folder);
  const built = readdirSync(folder).some((name) => name.endsWith('.node'));
  if (built && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  const path = pathWithCargo();
  if (findProgram('cargo', path) === null) {
    say('cargo is missing, so the native package is not built: get it from https://rustup.rs;');
    say('going on with the portable transform and the in-process network');
    return;
  }
  await installDebianPackages(['gcc', 'libc6-dev']);
  say('building the native package core/tun-tap with cargo (the first time takes some minutes)');
  const { scripts } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const bin = join(root, 'node_modules', '.bin');
  const env = { ...process.env, PATH: [dirname(node), bin, path].join(delimiter) };
  const { status, output } = await runStep('sh', ['-c', scripts?.build ?? 'napi build --platform --release'], {
    cwd: folder,
    env,
  });
  if (status !== 0) {
    say(`the native build failed, going on without it:\n${output.trimEnd()}`);
    return;
  }
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, hashSources(folder));
}

/** Equal wherever the checkout lies. Cargo.lock may change in the build, hence the second call after it. */
function hashSources(folder) {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}`);
  for (const file of listFiles(folder)) {
    hash
      .update(`${relative(folder, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  }
  return hash.digest('hex');
}

function listFiles(folder) {
  const entries = readdirSync(folder, { withFileTypes: true }).filter((entry) => !madeByBuild.test(entry.name));
  return entries
    .flatMap((entry) => (entry.isDirectory() ? listFiles(join(folder, entry.name)) : [join(folder, entry.name)]))
    .sort();
}
