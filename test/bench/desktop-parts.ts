/**
 * What of the desktop's figures can be measured on this machine, and why the rest cannot. The page and the app are built
 * from the sources of this moment, and the test runtime is fetched; packages are measured where somebody built them.
 * @module
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { missingForBrowser, missingForDesktop } from '#build/test/machine.ts';
import { findDeb } from './figures/desktop-app.ts';
import { findPackagedApp } from './running-app.ts';

/** What is measured, and what is not. */
export type DesktopParts = {
  /** `culvert ui` in a browser. */
  readonly hasWindow: boolean;
  /** The app in Electron. */
  readonly hasApp: boolean;
  readonly missing: readonly { readonly name: string; readonly why: string }[];
};

/** What a part needs of the machine, and the programs that make the rest. */
type Needs = { readonly obstacle: string | null; readonly programs: readonly string[] };

/** Where none of it was asked for. */
export const noDesktop: DesktopParts = { hasWindow: false, hasApp: false, missing: [] };

/** Make what is measured. */
export async function prepareDesktop(say: (text: string) => void): Promise<DesktopParts> {
  const window = await prepare('the window', { obstacle: missingForBrowser(), programs: ['build/renderer.ts'] }, say);
  const app = await prepare(
    'the desktop app',
    {
      obstacle: missingForDesktop(),
      programs: ['build/window/test-runtime.ts', 'test/support/electron/test-build.ts'],
    },
    say,
  );
  const rest = app === null ? listUnpackaged() : [];
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

async function runAll(programs: readonly string[]): Promise<string | null> {
  for (const program of programs) {
    try {
      await promisify(execFile)(process.execPath, [program]);
    } catch (error) {
      const lines = (error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error))
        .trim()
        .split('\n');
      return `${program} fails: ${(lines.find((line) => /error/i.test(line)) ?? lines.at(-1) ?? '').slice(0, 300)}`;
    }
  }
  return null;
}

/** What is missing only because nobody built packages. */
function listUnpackaged(): DesktopParts['missing'] {
  const command = 'npm run dist -- --linux deb --electron-dist DIR';
  return [
    ...(findPackagedApp() === null
      ? [{ name: 'the packaged app', why: `${command} was not run with these sources: the test build stands for it` }]
      : []),
    ...(findDeb() === null ? [{ name: 'the size of the deb', why: `there is none (${command})` }] : []),
  ];
}
