/**
 * `npm start`: opens the window. The desktop app where Electron and a display are there, otherwise `culvert ui`; the
 * first line says which and why, and where nothing can be started from the window yet, the next how that is built. Words
 * behind `--` go to the program.
 * @module
 */
import { spawn } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasProgram } from './test/machine.ts';
import { buildApp, releaseBuild, releaseFolder, testAppFolder } from './window/app.ts';
import { buildPage, releasePage } from './window/page.ts';
import { fetchTestRuntime, missingForTestRuntime } from './window/test-runtime.ts';
import { chooseWayToStart, type WayToStart } from './window/way-to-start.ts';

const electron = findElectron();
const { way, because } = chooseWayToStart({
  platform: process.platform,
  isRoot: process.getuid?.() === 0,
  hasDisplay:
    process.platform === 'darwin' || ['DISPLAY', 'WAYLAND_DISPLAY'].some((name) => Boolean(process.env[name])),
  electron,
  missingForTestRuntime: missingForTestRuntime(hasProgram),
});
process.stderr.write(`culvert: ${because}\n`);
if (globSync('core/tun-tap/*.node').length === 0)
  process.stderr.write('culvert: culvertd, which the window needs, is not built yet: npm run build does that\n');
process.exitCode = await open(way, process.argv.slice(2));

async function open(chosen: WayToStart['way'], words: readonly string[]): Promise<number> {
  switch (chosen) {
    case 'electron':
      await buildApp(releaseBuild);
      return run(electron ?? '', [releaseFolder, ...words]);
    case 'test-runtime':
      return openInTestRuntime(words);
    case 'browser':
      await buildPage(releasePage);
      return run(process.execPath, ['core/cli/main.ts', 'ui', ...words]);
  }
}

/** A runtime that cannot be fetched is no reason to show nothing. */
async function openInTestRuntime(words: readonly string[]): Promise<number> {
  try {
    const program = fetchTestRuntime();
    if ((await run(process.execPath, ['test/support/electron/test-build.ts'])) !== 0) return 1;
    return await run(program, [testAppFolder, ...words]);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    process.stderr.write(`culvert: culvert ui in a browser: ${why}\n`);
    return open('browser', words);
  }
}

/** Where electron's own npm package has put its program. */
function findElectron(): string | null {
  const folder = process.env['ELECTRON_OVERRIDE_DIST_PATH'] || join('node_modules', 'electron', 'dist');
  const pathFile = join('node_modules', 'electron', 'path.txt');
  const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8') : 'electron';
  const program = join(folder, name);
  return existsSync(program) ? program : null;
}

/** Run to its end. This process hands on the signals that a terminal sends to both anyway. */
function run(program: string, words: readonly string[]): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(program, [...words], { stdio: 'inherit' });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
    child.on('error', (error) => {
      process.stderr.write(`culvert: ${program}: ${error.message}\n`);
      resolve(127);
    });
    child.on('exit', (code) => resolve(code ?? 1));
  });
}
