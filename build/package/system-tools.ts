/**
 * Tools of the system in place of those that electron-builder downloads, for packages for tests. What is named in the
 * environment already stays.
 * @module
 */
import { chmodSync, cpSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { testImageParts } from '../window/test-runtime.ts';

/** Where the stand-ins lie. */
const toolsFolder = join('dist', 'tools');

/** Name them in this process's environment, where electron-builder looks. `runtime` is the test runtime's folder. */
export function useSystemTools(runtime: string): void {
  mkdirSync(toolsFolder, { recursive: true });
  const fpm = resolve(toolsFolder, 'fpm');
  writeFileSync(fpm, `#!/bin/sh\nexec "${process.execPath}" "${resolve('build/package/stand-in/fpm.ts')}" "$@"\n`);
  chmodSync(fpm, 0o755);
  process.env['CUSTOM_FPM_PATH'] ??= fpm;
  process.env['ELECTRON_BUILDER_7ZIP_PATH'] ??= '/usr/bin/7za';
  // Archives of a test are looked at once.
  process.env['ELECTRON_BUILDER_COMPRESSION_LEVEL'] ??= '1';
  const parts = testImageParts(runtime);
  if (existsSync(parts.runtime)) process.env['APPIMAGE_TOOLS_PATH'] ??= imageTools(parts);
}

/** A folder as electron-builder's own download has it: two programs, what an image begins with, and what it brings along. */
function imageTools({ runtime, libraries }: ReturnType<typeof testImageParts>): string {
  const folder = resolve(toolsFolder, 'appimage');
  rmSync(folder, { recursive: true, force: true });
  for (const part of ['runtimes', 'lib']) mkdirSync(join(folder, part), { recursive: true });
  for (const program of ['mksquashfs', 'desktop-file-validate'])
    symlinkSync(`/usr/bin/${program}`, join(folder, program));
  cpSync(runtime, join(folder, 'runtimes', 'runtime-x64'));
  cpSync(libraries, join(folder, 'lib', 'x64'), { recursive: true });
  return folder;
}
