/**
 * The desktop app's folder, as Electron starts it and electron-builder packs it: main process, preload, page, icons and
 * a package.json of its own. Everything is bundled, so that the app needs no node_modules.
 * @module
 */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { buildIcons } from './icons.ts';
import { buildPage } from './page.ts';

/** What the app is built for. */
export type AppBuild = {
  /** Where it goes; emptied first. */
  readonly folder: string;
  /** Engines of main, preload and page, in esbuild's and Vite's words. */
  readonly targets: { readonly main: string; readonly preload: string; readonly page: string };
  /** What main and page need before their own code, in an engine that lacks something. Empty in a release. */
  readonly mainPrelude: readonly string[];
  readonly pagePrelude: readonly string[];
};

/** Where a release's app goes. */
export const releaseFolder = 'dist/electron';

/** Where the app for the test runtime goes. */
export const testAppFolder = 'dist/electron-test';
/** Icons for a desktop's theme. */
export const themeIcons = 'dist/icons';

/** The build that ships: for the Electron of package.json, with nothing in it but our own code and its libraries. */
export const releaseBuild: AppBuild = {
  folder: releaseFolder,
  targets: { main: 'node24', preload: 'chrome140', page: 'es2024' },
  mainPrelude: [],
  pagePrelude: [],
};

/** Build the app. */
export async function buildApp(options: AppBuild): Promise<void> {
  const { folder, targets, mainPrelude, pagePrelude } = options;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const version = readVersion('package.json');
  await bundle('electron/main/main.ts', join(folder, 'main.cjs'), targets.main);
  await bundle('electron/preload/preload.ts', join(folder, 'preload.cjs'), targets.preload);
  const main = await bundlePrelude(mainPrelude, folder, targets.main);
  await buildPage({ folder: join(folder, 'renderer'), target: targets.page, prelude: pagePrelude });
  await buildIcons(join(folder, 'icons'), themeIcons);
  const manifest = { name: 'culvert', productName: 'Culvert', version, main, license: 'BSD-2-Clause' };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  cpSync('LICENSE', join(folder, 'LICENSE'));
}

/** The version of Electron that the sources are written for. */
export function electronVersion(): string {
  return readVersion('node_modules/electron/package.json');
}

/** A first file that loads `prelude` and then main; without one, main itself. Gives its name. */
async function bundlePrelude(prelude: readonly string[], folder: string, target: string): Promise<string> {
  if (prelude.length === 0) return 'main.cjs';
  const names = await Promise.all(
    prelude.map(async (path, index) => {
      const name = `prelude-${index}.cjs`;
      await bundle(path, join(folder, name), target);
      return name;
    }),
  );
  const text = [...names, 'main.cjs'].map((name) => `require('./${name}');\n`).join('');
  writeFileSync(join(folder, 'first.cjs'), text);
  return 'first.cjs';
}

async function bundle(entry: string, outfile: string, target: string): Promise<void> {
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target,
    // Of dbus-next: descriptors over D-Bus, and a bus that is found by X11 alone. Nothing here needs either.
    external: ['electron', 'usocket', 'x11'],
    define: { builtForElectron: JSON.stringify(electronVersion()) },
    legalComments: 'none',
    logLevel: 'warning',
  });
}

/** The version in a package.json. */
export function readVersion(path: string): string {
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as { readonly version: string };
  return manifest.version;
}
