/**
 * The app as its package lays it down: unpacked from the deb where one was built from the sources of this moment, else the
 * folder that packages are made of.
 * @module
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { hashSources, readStamp } from '#build/package/package-stamp.ts';
import { findTestRuntime, testRuntimeFolder } from '#build/window/test-runtime.ts';
import type { TestDesktop } from '#test/support/electron/test-desktop.ts';

const packagesFolder = join('dist', 'test-packages');

/** A built app. */
export type PackagedApp = {
  /** The folder with its program. */
  readonly folder: string;
  /** The deb with the same; null where only the folder was made. */
  readonly deb: string | null;
};

/** The one of the sources of this moment; null where none was built. */
export function findPackagedApp(): PackagedApp | null {
  return readStamp(packagesFolder)?.sources === hashSources(process.cwd()) ? lastPackagedApp() : null;
}

/** The one that was built last, whatever has become of its sources; null where none was built. */
export function lastPackagedApp(): PackagedApp | null {
  const stamp = readStamp(packagesFolder);
  const folder = resolve(packagesFolder, 'linux-unpacked');
  if (stamp === null || !existsSync(folder)) return null;
  return { folder, deb: stamp.packages.find((path) => path.endsWith('.deb')) ?? null };
}

/** Words for `node` that build it; the deb takes minutes of packing, the folder half a minute. */
export function packagingWords(withDeb: boolean): readonly string[] {
  return ['build/dist.ts', '--linux', withDeb ? 'deb' : 'dir', '--electron-dist', testRuntimeFolder()];
}

/** Size of its deb in MiB; null where there is none. */
export function debMiB(app: PackagedApp | null): number | null {
  return app?.deb == null ? null : statSync(app.deb).size / 2 ** 20;
}

/** Do `work` with the words that start `app`: as the deb lays it down, or the test build where nothing is packaged. */
export async function withPackagedApp<T>(
  app: PackagedApp | null,
  desktop: TestDesktop,
  work: (program: readonly string[]) => Promise<T>,
): Promise<T> {
  if (app === null) return work([findTestRuntime() ?? '', join(desktop.folder, 'app')]);
  if (app.deb === null) return work([join(app.folder, 'culvert')]);
  const root = mkdtempSync(join(tmpdir(), 'culvert-bench-deb-'));
  try {
    execFileSync('dpkg-deb', ['--extract', app.deb, root]);
    chmodSync(root, 0o755);
    return await work([join(root, 'opt', 'Culvert', 'culvert')]);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
