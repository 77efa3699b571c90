/**
 * What is switched off in the packaged program, by what then no longer happens; beside it the same program as it comes,
 * where it does happen.
 * @module
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { until } from '#test/support/until.ts';
import { PackagedWindow } from '#test/support/package/packaged-window.ts';

const packed = resolve('dist/test-packages/linux-unpacked');
const asItComes = resolve('dist/test-packages/electron');
const skip = existsSync(packed) ? false : 'nothing was packed';

/** A fuse's state in the program's wire, as its digit. */
const [off, on] = [0x30, 0x31];

let work: string;
let window: PackagedWindow;
let marker: string;
let script: string;

before(async () => {
  if (skip !== false) return;
  work = mkdtempSync(join(tmpdir(), 'culvert-fuses-'));
  chmodSync(work, 0o777);
  marker = join(work, 'ran');
  script = join(work, 'foreign.cjs');
  writeFileSync(script, `require('node:fs').writeFileSync(${JSON.stringify(marker)}, '');\n`);
  window = await PackagedWindow.prepare(join(packed, 'culvert'));
});

after(async () => {
  if (skip !== false) return;
  await window.dispose();
  rmSync(work, { recursive: true, force: true });
});

/** Whether the foreign script ran until the packaged window was there. */
async function runsForeign(environment: Readonly<Record<string, string>>, words: readonly string[]): Promise<boolean> {
  rmSync(marker, { force: true });
  await window.open({ environment, words });
  await window.close();
  return existsSync(marker);
}

/** Whether the same program, with no fuse flipped, runs it. */
function runsUnflipped(environment: Readonly<Record<string, string>>, words: readonly string[]): boolean {
  rmSync(marker, { force: true });
  spawnSync(join(asItComes, 'electron'), [...words], { env: environment, timeout: 20_000, killSignal: 'SIGKILL' });
  return existsSync(marker);
}

test('every fuse is as the configuration has it', { skip }, async () => {
  const wire = await getCurrentFuseWire(join(packed, 'culvert'));
  assert.deepEqual(
    [
      wire[FuseV1Options.RunAsNode],
      wire[FuseV1Options.EnableCookieEncryption],
      wire[FuseV1Options.EnableNodeOptionsEnvironmentVariable],
      wire[FuseV1Options.EnableNodeCliInspectArguments],
      wire[FuseV1Options.EnableEmbeddedAsarIntegrityValidation],
      wire[FuseV1Options.OnlyLoadAppFromAsar],
    ],
    [off, on, off, off, on, on],
  );
});

afterEach(async () => {
  if (skip === false) await window.close();
});

test('ELECTRON_RUN_AS_NODE runs no script of somebody else’s: the window opens', { skip }, async () => {
  const asNode = { ELECTRON_RUN_AS_NODE: '1' };
  assert.equal(runsUnflipped(asNode, [script]), true);
  assert.equal(await runsForeign(asNode, [script]), false);
});

test('NODE_OPTIONS loads nothing, and the program says so', { skip }, async () => {
  const options = { NODE_OPTIONS: `--require ${script}` };
  assert.equal(runsUnflipped({ ...options, ELECTRON_RUN_AS_NODE: '1' }, ['-e', '0']), true);
  assert.equal(await runsForeign(options, []), false);
  assert.match(window.log, /NODE_OPTIONS have been disabled in this app/);
});

test('--inspect opens no debugger of the main process', { skip }, async () => {
  const asNode = { encoding: 'utf8', env: { ELECTRON_RUN_AS_NODE: '1' } } as const;
  assert.match(spawnSync(join(asItComes, 'electron'), ['--inspect=0', '-e', '0'], asNode).stderr, /Debugger listening/);
  for (const word of ['--inspect=0', '--inspect-brk=0']) {
    await window.open({ words: [word] });
    assert.doesNotMatch(window.log, /Debugger listening/, word);
    await window.close();
  }
});

test('an app folder in place of app.asar does not start, and beside it is left alone', { skip }, async () => {
  const copy = copyOfPacked();
  const foreign = join(copy, 'resources', 'app');
  mkdirSync(foreign);
  copyFileSync(script, join(foreign, 'main.cjs'));
  writeFileSync(join(foreign, 'package.json'), '{"name":"foreign","main":"main.cjs"}');
  const other = await PackagedWindow.prepare(join(copy, 'culvert'));
  try {
    rmSync(marker, { force: true });
    await other.open();
    await other.close();
    rmSync(join(copy, 'resources', 'app.asar'));
    other.start();
    await until(() => other.hasEnded(), 60_000);
    assert.equal(existsSync(marker), false);
  } finally {
    await other.dispose();
  }
});

/** The program itself copied, for it asks where it lies; all else by links. */
function copyOfPacked(): string {
  const copy = join(work, 'copy');
  mkdirSync(join(copy, 'resources'), { recursive: true });
  for (const name of readdirSync(packed).filter((entry) => !['culvert', 'resources'].includes(entry)))
    symlinkSync(join(packed, name), join(copy, name));
  cpSync(join(packed, 'culvert'), join(copy, 'culvert'));
  cpSync(join(packed, 'resources', 'app.asar'), join(copy, 'resources', 'app.asar'));
  return copy;
}
