/**
 * The npm packages of package-lock.json. Install scripts stay off: no dependency needs one.
 * @module
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { findProgram, runStep } from './child-process.mjs';
import { say, SetupError } from './say.mjs';

/** Beside the packages, the SHA-256 of the lock file that they were installed from. */
const stampName = '.culvert-lock-sha256';

/** Run `npm ci` when node_modules is missing or not what package-lock.json says. */
export async function installDependencies(root) {
  const modules = join(root, 'node_modules');
  const lock = join(root, 'package-lock.json');
  const hash = createHash('sha256').update(readFileSync(lock)).digest('hex');
  if (isInstalled(modules, lock, hash)) return;
  const why = existsSync(modules) ? 'package-lock.json has changed' : 'node_modules is missing';
  say(`${why}: running npm ci`);
  const { status, output } = await runNpm(root, [
    'ci',
    '--ignore-scripts',
    '--loglevel=error',
    '--include=dev',
    '--include=optional',
  ]);
  if (status !== 0) throw new SetupError(`npm ci failed; is the npm registry reachable?\n${output.trimEnd()}`);
  mkdirSync(modules, { recursive: true });
  writeFileSync(join(modules, stampName), hash);
}

function isInstalled(modules, lock, hash) {
  const stamp = join(modules, stampName);
  if (existsSync(stamp)) return readFileSync(stamp, 'utf8') === hash;
  // npm's own record: someone ran npm ci by hand, after the lock file was last written
  const record = join(modules, '.package-lock.json');
  if (!existsSync(record) || statSync(record).mtimeMs < statSync(lock).mtimeMs) return false;
  writeFileSync(stamp, hash);
  return true;
}

/** npm must not run on the Node inside node_modules: `npm ci` deletes it. */
function runNpm(root, args) {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const path = folders.filter((folder) => !folder.includes('node_modules')).join(delimiter);
  const npm = findProgram('npm', path);
  if (npm === null) throw new SetupError('npm is not in PATH: install Node.js with npm (https://nodejs.org)');
  const env = { ...process.env, PATH: path };
  // A surrounding `npm run` hands its settings down; `--json` or `--silent` there are not meant for this npm.
  for (const name of Object.keys(env)) if (name.startsWith('npm_')) delete env[name];
  return runStep(npm, args, { cwd: root, env });
}
