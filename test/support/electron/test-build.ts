/**
 * `node test/support/electron/test-build.ts`: the app for the test runtime (Electron 22), in dist/electron-test. The
 * sources are the release's; the targets are older and a shim stands before them.
 * @module
 */
import { buildApp, testAppFolder, type AppBuild } from '#build/window/app.ts';

const testBuild: AppBuild = {
  folder: testAppFolder,
  targets: { main: 'node16.17', preload: 'chrome108', page: 'chrome108' },
  mainPrelude: ['test/support/electron/shim.ts'],
  pagePrelude: ['core-js/actual'],
};

/** Build it. */
export async function buildTestApp(): Promise<void> {
  await buildApp(testBuild);
}

if (import.meta.main) await buildTestApp();
