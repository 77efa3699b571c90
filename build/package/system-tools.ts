/**
 * Tools of the system in place of those that electron-builder downloads, for packages for tests. What is named in the
 * environment already stays.
 * @module
 */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Where the stand-ins lie. */
const toolsFolder = join('dist', 'tools');

/** Name them in this process's environment, where electron-builder looks. */
export function useSystemTools(): void {
  mkdirSync(toolsFolder, { recursive: true });
  const fpm = resolve(toolsFolder, 'fpm');
  writeFileSync(fpm, `#!/bin/sh\nexec "${process.execPath}" "${resolve('build/package/stand-in/fpm.ts')}" "$@"\n`);
  chmodSync(fpm, 0o755);
  process.env['CUSTOM_FPM_PATH'] ??= fpm;
  process.env['ELECTRON_BUILDER_7ZIP_PATH'] ??= '/usr/bin/7za';
}
