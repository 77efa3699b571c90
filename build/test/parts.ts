/**
 * The parts of `npm test`: what each runs, what it needs of the machine, and whether it wants the machine to itself.
 * @module
 */
import { existsSync, globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import {
  missingForBrowser,
  missingForCargo,
  missingForDesktop,
  missingForNamespaces,
  missingForPackages,
  missingForPeers,
} from './machine.ts';
import { testRuntimeFolder } from '../window/test-runtime.ts';
import type { Step } from './step.ts';

/** One part. Its steps run one after the other, all of them, whatever the others did. */
export type Part = {
  readonly name: string;
  readonly steps: readonly Step[];
  /** What the machine lacks for it, or null. */
  readonly missing: string | null;
  /** Timing matters, or it uses all cores by itself: nothing else runs meanwhile. */
  readonly runsAlone: boolean;
};

/** Test files that need root and real namespaces; every other file is a unit or conformance test. */
const networkTests = ['test/net/**/*.test.ts'];
const interopTests = ['test/interop/**/*.test.ts'];
/** The window in a browser, over real helpers. */
const e2eTests = ['test/e2e/**/*.test.ts'];
/** A real Electron on a screen, a bus and a helper of the test's own. */
const desktopTests = ['test/desktop/**/*.test.ts'];
/** Packages, their files, and the deb's life on this machine. */
const packageTests = ['test/packages/**/*.test.ts'];
const ruleTests = ['test/architecture.test.ts', 'test/docs.test.ts'];

/** A test file that takes longer hangs. */
const timeoutMs = 300_000;

/** One that installs, upgrades and removes a package waits for the disk. */
const packageTimeoutMs = 900_000;

/** All parts in the order of the summary. `files` replaces the test files of those that run test files. */
export function listParts(files: readonly string[]): readonly Part[] {
  const chosen = (patterns: readonly string[]): readonly string[] =>
    files.length > 0 ? files : globSync([...patterns]);
  return [
    { name: 'format', steps: [prettier()], missing: null, runsAlone: false },
    { name: 'lint', steps: [eslint()], missing: null, runsAlone: false },
    {
      name: 'types',
      steps: ['tsconfig.json', 'tsconfig.node.json', 'tsconfig.e2e.json', 'tsconfig.renderer.json'].map(tsc),
      missing: null,
      runsAlone: false,
    },
    testPart('architecture', chosen(ruleTests), null, false),
    testPart('unit', files.length > 0 ? files : listUnitTests(), null, false),
    { name: 'native', steps: nativeSteps(), missing: missingForCargo(), runsAlone: false },
    testPart('net', chosen(networkTests), missingForNamespaces(), true),
    testPart('interop', chosen(interopTests), missingForPeers(), true),
    desktopPart(files),
    withPage(testPart('e2e', chosen(e2eTests), missingForBrowser(), true)),
    packagesPart(chosen(packageTests)),
  ];
}

function listUnitTests(): readonly string[] {
  const elsewhere = new Set(
    globSync([...networkTests, ...interopTests, ...e2eTests, ...desktopTests, ...packageTests, ...ruleTests]),
  );
  return globSync('test/**/*.test.ts').filter((file) => !elsewhere.has(file));
}

function testPart(
  name: string,
  files: readonly string[],
  missing: string | null,
  runsAlone: boolean,
  limitMs = timeoutMs,
): Part {
  if (files.length === 0) return { name, steps: [], missing: missing ?? 'no test of this kind', runsAlone };
  const concurrency = runsAlone ? 1 : availableParallelism();
  const options = [`--test-concurrency=${concurrency}`, `--test-timeout=${limitMs}`, '--test-reporter=spec'];
  return { name, steps: [node('--test', ...options, ...files)], missing, runsAlone };
}

/** The window's page is built before it is looked at. */
function withPage(part: Part): Part {
  return { ...part, steps: [node('build/renderer.ts'), ...part.steps] };
}

/** The test runtime is fetched, and the app built for it, before its tests; the browser's suite runs in it, too. */
function desktopPart(files: readonly string[]): Part {
  const isShared = (file: string): boolean => file.startsWith('test/e2e/');
  const own = files.length > 0 ? files.filter((file) => !isShared(file)) : globSync([...desktopTests]);
  const shared = files.length > 0 ? files.filter(isShared) : globSync([...e2eTests]);
  const missing = missingForDesktop();
  const part = testPart('electron', [...own, ...shared], missing, true);
  if (missing !== null) return part;
  const setUp = [node('build/window/test-runtime.ts'), node('test/support/electron/test-build.ts')];
  const ownSteps = own.length > 0 ? testPart('electron', own, null, true).steps : [];
  const inElectron = { env: { CULVERT_TEST_WINDOW: 'electron' } };
  const sharedSteps = shared.length > 0 ? testPart('electron', shared, null, true).steps : [];
  return { ...part, steps: [...setUp, ...ownSteps, ...sharedSteps.map((step) => ({ ...step, ...inElectron }))] };
}

/** Packages are built before they are looked at; with the test runtime, which is fetched first. */
function packagesPart(files: readonly string[]): Part {
  const part = testPart('packages', files, missingForPackages(), true);
  if (part.missing !== null) return part;
  const kinds = 'deb,rpm,AppImage,tar.gz';
  const { command, args } = node('build/dist.ts', '--linux', kinds, '--electron-dist', testRuntimeFolder());
  const dist = { command: 'nice', args: [command, ...args] };
  const tests = files.flatMap((file) => testPart('packages', [file], null, true, packageTimeoutMs).steps);
  return { ...part, steps: [node('build/window/test-runtime.ts'), dist, ...tests] };
}

function nativeSteps(): readonly Step[] {
  const cwd = 'core/tun-tap';
  return [
    { command: 'cargo', args: ['fmt', '--check'], cwd },
    { command: 'cargo', args: ['clippy', '--quiet', '--all-targets', '--', '-D', 'warnings'], cwd },
    { command: 'cargo', args: ['test', '--quiet'], cwd },
    // The build before the tests has generated it again; it must be what is committed.
    ...(existsSync('.git') ? [{ command: 'git', args: ['diff', '--exit-code', '--', 'index.d.ts'], cwd }] : []),
  ];
}

function prettier(): Step {
  return node(
    'node_modules/prettier/bin/prettier.cjs',
    '--check',
    '--cache',
    '--cache-location=dist/cache/prettier',
    '.',
  );
}

function eslint(): Step {
  return node('node_modules/eslint/bin/eslint.js', '--max-warnings=0', '.');
}

/** One of the environments: pure sources compile with no types of any, the renderer with the browser's, all others with those of Node.js. */
function tsc(project: string): Step {
  const cache = `dist/cache/${project}.tsbuildinfo`;
  return node('node_modules/typescript/bin/tsc', '--project', project, '--incremental', '--tsBuildInfoFile', cache);
}

/** A step on this very Node.js. */
function node(...args: readonly string[]): Step {
  return { command: process.execPath, args };
}
