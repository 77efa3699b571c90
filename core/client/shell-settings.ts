/**
 * The window's settings on disk, one JSON file of the person's. Written whole or not at all; a file that cannot be read
 * is set aside under another name and told, never overwritten.
 * @module
 */
import { readFileSync, renameSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { defaultShellSettings, shellSettingsSchema, type ShellSettings } from '#core/api/shell-contract.ts';
import { IpsecError } from '#core/base/error.ts';
import { writePrivateFile } from './private-file.ts';

/** Version of the file's shape. */
const fileVersion = 1;

/** Settings as they were found, and what was wrong with the file. */
export type LoadedSettings = { readonly settings: ShellSettings; readonly problem: string | null };

/** Where the settings of this person lie: the XDG folder for configuration. */
export function settingsPath(environment: NodeJS.ProcessEnv): string {
  const folder = environment['XDG_CONFIG_HOME'] || join(homedir(), '.config');
  return join(folder, 'culvert', 'window.json');
}

/** Read the file; without one, what a person has who has set nothing. */
export function loadSettings(path: string): LoadedSettings {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return { settings: defaultShellSettings, problem: isMissing ? null : `${path} cannot be read` };
  }
  const settings = parseSettings(text);
  if (settings !== null) return { settings, problem: null };
  return { settings: defaultShellSettings, problem: setAside(path) };
}

/** Write the file, whole or not at all. @throws {IpsecError} `STATE_UNWRITABLE`. */
export function saveSettings(path: string, settings: ShellSettings): void {
  try {
    writePrivateFile(path, `${JSON.stringify({ version: fileVersion, ...settings }, null, 2)}\n`, true);
  } catch (error) {
    throw new IpsecError('STATE_UNWRITABLE', `the settings cannot be written to ${path}`, { path }, error);
  }
}

/** Null for what is no settings file of this version; a field that is missing has its default. */
function parseSettings(text: string): ShellSettings | null {
  try {
    const file: unknown = JSON.parse(text);
    if (typeof file !== 'object' || file === null || !('version' in file) || file.version !== fileVersion) return null;
    const parsed = shellSettingsSchema.safeParse({ ...defaultShellSettings, ...file });
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

function setAside(path: string): string {
  const aside = `${path}.broken`;
  try {
    renameSync(path, aside);
    return `${path} is broken, or from another version: it lies now at ${aside}, and the settings are as at first`;
  } catch {
    return `${path} is broken, or from another version: the settings are as at first`;
  }
}
