/**
 * The one line that a person types to start the helper where nothing else does: by systemd where the package's unit is, else
 * the program itself, wherever it lies, for this socket and with this person as its operator.
 * @module
 */
import { accessSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { shellWord } from '#core/base/shell-word.ts';
import { defaultSocketPath } from './socket-path.ts';

/** Where a unit of the helper may lie. */
export const unitPaths = ['/usr/lib/systemd/system/culvertd.service', '/etc/systemd/system/culvertd.service'] as const;

/** There while systemd runs the machine (sd_booted(3)). */
const systemdSign = '/run/systemd/system';
const installedProgram = '/usr/bin/culvertd';

/** What the line is made from. */
export type StartSurroundings = {
  readonly socketPath: string;
  /** This person's; null for root, who needs neither sudo nor to be named. */
  readonly userName: string | null;
  /** Where culvertd may lie besides in the path, the best first. */
  readonly programs: readonly string[];
  /** The file of an AppImage: what it mounts root cannot read, so its helper is unpacked. */
  readonly image: string | null;
  readonly isThere: (path: string) => boolean;
};

/** The line. */
export function startCommand({ socketPath, userName, programs, image, isThere }: StartSurroundings): string {
  const asRoot = userName === null ? '' : 'sudo ';
  const isUsual = socketPath === defaultSocketPath;
  if (isUsual && isThere(systemdSign) && unitPaths.some(isThere)) return `${asRoot}systemctl start culvertd`;
  const words = [
    ...(isUsual ? [] : ['--socket', shellWord(socketPath)]),
    ...(userName === null ? [] : ['--operator', shellWord(userName)]),
  ];
  const run = (program: string): string => `${asRoot}${[program, ...words].join(' ')}`;
  if (isThere(installedProgram)) return run('culvertd');
  if (image !== null) {
    const unpack = `${shellWord(image)} --appimage-extract 'resources/helper/*'`;
    return `${unpack} && ${run('squashfs-root/resources/helper/bin/culvertd')}`;
  }
  return run(shellWord(programs.find(isThere) ?? 'culvertd'));
}

/** Where culvertd lies below `root`: that of a package's programs and sources, and a checkout's. */
export function programsBelow(root: string): readonly string[] {
  return [join(root, 'bin', 'culvertd'), join(root, 'build', 'bin', 'culvertd.mjs')];
}

/** Whether a file is there and can be read. */
export function isThere(path: string): boolean {
  try {
    accessSync(path);
    return true;
  } catch {
    return false;
  }
}

/** Who runs this process, for `userName`: a number where the system knows no name. */
export function currentUserName(): string | null {
  const id = process.getuid?.() ?? null;
  if (id === 0) return null;
  try {
    return userInfo().username;
  } catch {
    return String(id);
  }
}
