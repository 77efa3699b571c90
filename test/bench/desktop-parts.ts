/**
 * What of the desktop's figures can be measured on this machine, and why the rest cannot. The page and the app are built
 * from the sources of this moment, and the test runtime is fetched. So is the package, unless there is one of these sources.
 * @module
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { missingForBrowser, missingForDesktop, missingForPackages } from '#build/test/machine.ts';
import { findPackagedApp, lastPackagedApp, packagingWords, type PackagedApp } from './app/packaged-app.ts';

/** What is measured, and what is not. */
export type DesktopParts = {
  /** `culvert ui` in a browser. */
  readonly hasWindow: boolean;
  /** The app in Electron. */
  readonly hasApp: boolean;
  /** The app that a package lays down; null where none could be built: the test build stands for it. */
  readonly packaged: PackagedApp | null;
  readonly missing: readonly { readonly name: string; readonly why: string }[];
};

/** What a part needs of the machine, and the programs that make the rest. */
type Needs = { readonly obstacle: string | null; readonly programs: readonly (readonly string[])[] };

/** Where none of it was asked for. */
export const noDesktop: DesktopParts = { hasWindow: false, hasApp: false, packaged: null, missing: [] };

/** Make what is measured; in a quick run without the deb. */
export async function prepareDesktop(isQuick: boolean, say: (text: string) => void): Promise<DesktopParts> {
  const window = await prepare('the window', { obstacle: missingForBrowser(), programs: [['build/renderer.ts']] }, say);
  const app = await prepare(
    'the desktop app',
    {
      obstacle: missingForDesktop(),
      programs: [['build/window/test-runtime.ts'], ['test/support/electron/test-build.ts']],
    },
    say,
  );
  const { packaged, lacking } = app === null ? await preparePackage(isQuick, say) : { packaged: null, lacking: [] };
  return {
    hasWindow: window === null,
    hasApp: app === null,
    packaged,
    missing: [
      ...(window === null ? [] : [{ name: 'the window', why: window }]),
      ...(app === null ? [] : [{ name: 'the desktop app', why: app }]),
      ...lacking,
    ],
  };
}

/** Why it cannot be measured, or null. */
export async function prepare(name: string, needs: Needs, say: (text: string) => void): Promise<string | null> {
  const why = needs.obstacle === null ? await runAll(needs.programs) : `${needs.obstacle} is missing`;
  say(`${name}: ${why ?? 'ready'}`);
  return why;
}

async function runAll(programs: Needs['programs']): Promise<string | null> {
  for (const words of programs) {
    try {
      await promisify(execFile)(process.execPath, [...words], { maxBuffer: 2 ** 26 });
    } catch (error) {
      const lines = (error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error))
        .trim()
        .split('\n');
      return `${words[0]} fails: ${(lines.find((line) => /error/i.test(line)) ?? lines.at(-1) ?? '').slice(0, 300)}`;
    }
  }
  return null;
}

/** What was found or built, and what cannot be measured of it. */
type Package = { readonly packaged: PackagedApp | null; readonly lacking: DesktopParts['missing'] };

/** Build the package unless there is one of these sources. */
async function preparePackage(isQuick: boolean, say: (text: string) => void): Promise<Package> {
  const name = 'the packaged app';
  const found = findPackagedApp();
  const isEnough = found !== null && (isQuick || found.deb !== null);
  const programs = isEnough ? [] : [packagingWords(!isQuick)];
  const why = await prepare(name, { obstacle: missingForPackages(), programs }, say);
  if (why !== null) return { packaged: null, lacking: [{ name, why: `${why}: the test build stands for it` }] };
  const packaged = isEnough ? found : lastPackagedApp();
  const hasDeb = packaged?.deb != null;
  return { packaged, lacking: hasDeb ? [] : [{ name: 'the size of the deb', why: 'packing it takes minutes' }] };
}
