/**
 * Peers that Debian does not have, or only in an old version: built once from their own registries into a folder of the
 * user's cache, and looked for there afterwards. Remove the folder to get newer ones.
 * @module
 */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'culvert-bench');
const buildPatienceMs = 20 * 60_000;
/** Where installers put these tools beside what is in PATH. */
const toolFolders = ['/usr/local/go/bin', join(homedir(), '.cargo', 'bin')];

/** wireguard-go of the Go module proxy, newest when it was installed. @throws Error with the reason when it can't be had. */
export function installNewestWireguardGo(): Promise<string> {
  const folder = join(cache, 'wireguard-go-newest');
  const command = ['go', 'install', 'golang.zx2c4.com/wireguard@latest'] as const;
  return install(join(folder, 'wireguard'), command, { GOBIN: folder, GOFLAGS: '-modcacherw' });
}

/** boringtun-cli of crates.io. @throws Error with the reason when it can't be had. */
export function installBoringtun(): Promise<string> {
  const folder = join(cache, 'boringtun');
  return install(join(folder, 'bin', 'boringtun-cli'), [
    'cargo',
    'install',
    'boringtun-cli',
    '--locked',
    '--root',
    folder,
  ]);
}

async function install(
  path: string,
  [tool, ...args]: readonly [string, ...string[]],
  environment: Readonly<Record<string, string>> = {},
): Promise<string> {
  if (existsSync(path)) return path;
  process.stderr.write(`building ${path}: ${tool} ${args.join(' ')}\n`);
  const env = { ...process.env, ...environment, PATH: [process.env['PATH'] ?? '', ...toolFolders].join(delimiter) };
  try {
    await promisify(execFile)(tool, args, { env, timeout: buildPatienceMs, maxBuffer: 2 ** 26, cwd: homedir() });
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
    throw new Error(`"${tool} ${args.join(' ')}" failed: ${said.split('\n').at(-1) || String(error)}`, {
      cause: error,
    });
  }
  return path;
}
