/**
 * What of the desktop's figures can be measured on this machine, and why the rest cannot. The page and the app are built
 * from the sources of this moment, and the test runtime is fetched. So is the package, unless there is one of these sources.
 * @module
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { missingForBrowser, missingForDesktop, missingForPackages } from '#build/test/machine.ts';
import { findPackagedApp, packagingWords } from './app/packaged-app.ts';

/** What is measured, and what is not. */
export type DesktopParts = {
  /** `culvert ui` in a browser. */
  readonly hasWindow: boolean;
  /** The app in Electron. */
  readonly hasApp: boolean;
  readonly missing: readonly { readonly name: string; readonly why: string }[];
};

/** What a part needs of the machine, and the programs that make the rest. */
type Needs = { readonly obstacle: string | null; readonly programs: readonly (readonly string[])[] };

/** Where none of it was asked for. */
export const noDesktop: DesktopParts = { hasWindow: false, hasApp: false, missing: [] };

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
  const rest = app === null ? await preparePackage(isQuick, say) : [];
  return {
    hasWindow: window === null,
    hasApp: app === null,
    missing: [
      ...(window === null ? [] : [{ name: 'the window', why: window }]),
      ...(app === null ? [] : [{ name: 'the desktop app', why: app }]),
      ...rest,
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

/** Build the package unless there is one of these sources; gives what cannot be measured without it. */
async function preparePackage(isQuick: boolean, say: (text: string) => void): Promise<DesktopParts['missing']> {
  const name = 'the packaged app';
  const found = findPackagedApp();
  const isEnough = found !== null && (isQuick || found.deb !== null);
  const programs = isEnough ? [] : [packagingWords(!isQuick)];
  const why = await prepare(name, { obstacle: missingForPackages(), programs }, say);
  if (why !== null) return [{ name, why: `${why}: the test build stands for it` }];
  return isQuick && found?.deb == null ? [{ name: 'the size of the deb', why: 'packing it takes minutes' }] : [];
}
