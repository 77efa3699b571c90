/**
 * Start at login: an entry of the XDG autostart specification on Linux, the system's own list elsewhere.
 * @module
 */
import { rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { App } from 'electron';
import { IpsecError } from '#core/base/error.ts';
import { makePrivateFolder } from '#core/client/private-folder.ts';
import { hiddenOption } from './launch-options.ts';

/** Where the entry of this person lies. */
export function autostartPath(environment: NodeJS.ProcessEnv): string {
  return join(environment['XDG_CONFIG_HOME'] || join(homedir(), '.config'), 'autostart', 'culvert.desktop');
}

/** The words that start this app again; an AppImage is started by its own file, not by what it was unpacked to. */
export function startWords(
  {
    execPath,
    isPackaged,
    appPath,
  }: { readonly execPath: string; readonly isPackaged: boolean; readonly appPath: string },
  environment: NodeJS.ProcessEnv,
): readonly string[] {
  const program = environment['APPIMAGE'] || execPath;
  return isPackaged ? [program, hiddenOption] : [program, appPath, hiddenOption];
}

/** The entry's text (Desktop Entry Specification). */
export function autostartEntry(words: readonly string[]): string {
  return [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Culvert',
    'Comment=Tunnels of this computer',
    `Exec=${words.map(quoteWord).join(' ')}`,
    'Icon=culvert',
    'Terminal=false',
    'X-GNOME-Autostart-enabled=true',
    '',
  ].join('\n');
}

/** Write the entry, or remove it. @throws {IpsecError} `FILE_UNWRITABLE`. */
export function setAutostart(
  app: Pick<App, 'setLoginItemSettings'>,
  isWanted: boolean,
  words: readonly string[],
): void {
  if (process.platform !== 'linux') {
    app.setLoginItemSettings({ openAtLogin: isWanted, args: [hiddenOption] });
    return;
  }
  const path = autostartPath(process.env);
  try {
    if (!isWanted) return rmSync(path, { force: true });
    makePrivateFolder(dirname(path));
    writeFileSync(path, autostartEntry(words));
  } catch (error) {
    throw new IpsecError('FILE_UNWRITABLE', `${path} cannot be written`, { path }, error);
  }
}

/** Quoted as the Desktop Entry Specification has it ("The Exec key"): quotes, backslash twice over, and % doubled. */
function quoteWord(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word.replaceAll('%', '%%');
  const escaped = word
    .replace(/["`$\\]/g, '\\$&')
    .replaceAll('\\', '\\\\')
    .replaceAll('%', '%%');
  return `"${escaped}"`;
}
