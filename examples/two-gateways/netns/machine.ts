/**
 * Whether this machine can carry the demo in network namespaces, or why it can't.
 * @module
 */
import { accessSync, closeSync, constants, openSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { loadNative } from '#core/host/linux/native.ts';
import { namespaceName } from './namespace.ts';
import type { Processes } from './process.ts';

const tunPath = '/dev/net/tun';
const tools = ['ip', 'ping', 'tcpdump'] as const;

/** Why namespaces, TUN devices or the native package are not to be had, as a sentence; null when all are. */
export async function findObstacle(processes: Processes): Promise<string | null> {
  if (process.platform !== 'linux') return 'network namespaces need Linux';
  if (process.getuid?.() !== 0) return 'this is not root';
  const missing = tools.filter((tool) => !isInstalled(tool));
  if (missing.length > 0) return `${missing.join(' and ')} ${missing.length > 1 ? 'are' : 'is'} not installed`;
  return tunObstacle() ?? addonObstacle() ?? (await namespaceObstacle(processes));
}

/** Whether a program is in the search path. */
export function isInstalled(tool: string, path: string = process.env['PATH'] ?? ''): boolean {
  return path.split(delimiter).some((directory) => {
    try {
      accessSync(join(directory, tool), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function tunObstacle(): string | null {
  try {
    closeSync(openSync(tunPath, 'r+'));
    return null;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return `${tunPath} cannot be opened (${code})`;
  }
}

function addonObstacle(): string | null {
  try {
    loadNative();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function namespaceObstacle(processes: Processes): Promise<string | null> {
  const name = namespaceName('probe');
  const { status, stderr } = await processes.run(['ip', 'netns', 'add', name], { mayFail: true });
  if (status !== 0) return `no network namespace can be made (${stderr.trim().split('\n').at(-1)})`;
  await processes.run(['ip', 'netns', 'delete', name]);
  return null;
}
