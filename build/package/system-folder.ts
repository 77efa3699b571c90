/**
 * What deb and rpm lay into the system beside the app's own folder, as a tree below `/`: unit, accounts, polkit's policy,
 * completions, manual pages, metadata, documents.
 * @module
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { fillIn, type Publisher } from './publisher.ts';

/** Where it is put together. */
export const systemFolder = join('dist', 'system');

/** What only a deb has, as another such tree. */
export const debFolder = join('dist', 'deb');

/** The deb's changelog, which fpm names. */
export const changelogFile = join('dist', 'changelog');

/** Where its parts lie that are written by hand. */
export const linuxFolder = join('build', 'package', 'linux');

/** Manual pages, in mdoc(7). */
const manualFolder = join('docs', 'manual');

/** What lies in `linuxFolder` → where it goes. */
export const linuxFiles = {
  'culvertd.service': 'usr/lib/systemd/system/culvertd.service',
  'sysusers.conf': 'usr/lib/sysusers.d/culvert.conf',
  'tmpfiles.conf': 'usr/lib/tmpfiles.d/culvert.conf',
  'org.culvert.policy': 'usr/share/polkit-1/actions/org.culvert.policy',
  'start-helper': 'usr/libexec/culvert/start-helper',
  'org.culvert.Culvert.metainfo.xml': 'usr/share/metainfo/org.culvert.Culvert.metainfo.xml',
} as const;

/** A shell → the file that it reads by itself, once it is asked to complete `culvert`. */
const completionFiles = {
  bash: 'usr/share/bash-completion/completions/culvert',
  zsh: 'usr/share/zsh/vendor-completions/_culvert',
  fish: 'usr/share/fish/vendor_completions.d/culvert.fish',
} as const;

/** Symlinks, by where they lie. The first two are programs; zsh looks elsewhere on Fedora. */
const systemLinks = {
  'usr/bin/culvert': '/opt/Culvert/resources/helper/bin/culvert',
  'usr/bin/culvertd': '/opt/Culvert/resources/helper/bin/culvertd',
  'usr/share/zsh/site-functions/_culvert': '../vendor-completions/_culvert',
} as const;

/** What the package is called, who publishes it, and whether it is for tests. */
export type PackageIdentity = { readonly name: string; readonly publisher: Publisher; readonly isForTests: boolean };

/** Put it together, for this package. */
export function buildSystemFolder(identity: PackageIdentity): void {
  for (const folder of [systemFolder, debFolder]) rmSync(folder, { recursive: true, force: true });
  for (const [name, target] of Object.entries(linuxFiles)) copyFileSync(join(linuxFolder, name), placeFor(target));
  for (const target of Object.values(linuxFiles).filter((path) => path.endsWith('.xml')))
    writeFileSync(placeFor(target), fillIn(readFileSync(placeFor(target), 'utf8'), identity.publisher));
  copyFileSync('build/icons/culvert-app.svg', placeFor('usr/share/icons/hicolor/scalable/apps/culvert.svg'));
  for (const [shell, target] of Object.entries(completionFiles)) {
    writeFileSync(placeFor(target), execFileSync(process.execPath, ['core/cli/main.ts', 'completion', shell]));
  }
  for (const [path, target] of Object.entries(systemLinks)) symlinkSync(target, placeFor(path));
  for (const name of readdirSync(manualFolder)) {
    const section = name.slice(-1);
    writeFileSync(placeFor(`usr/share/man/man${section}/${name}.gz`), compress(join(manualFolder, name)));
  }
  addDocuments(identity.name);
  addForDeb(identity);
}

function addForDeb({ name, publisher, isForTests }: PackageIdentity): void {
  const overrides = ['lintian-overrides', ...(isForTests ? ['lintian-overrides-for-tests'] : [])];
  const text = overrides.map((file) => readFileSync(join(linuxFolder, file), 'utf8')).join('');
  writeFileSync(placeFor(`usr/share/lintian/overrides/${name}`, debFolder), text);
  writeFileSync(changelogFile, fillIn(readFileSync(join(linuxFolder, 'changelog'), 'utf8'), publisher));
}

function addDocuments(packageName: string): void {
  const documents = `usr/share/doc/${packageName}`;
  copyFileSync(join(linuxFolder, 'copyright'), placeFor(`${documents}/copyright`));
  for (const name of ['licenses.txt', 'sbom.cdx.json']) {
    symlinkSync(`/opt/Culvert/resources/${name}`, placeFor(`${documents}/${name}`));
  }
}

/** The path in the folder, where a file can be written. */
function placeFor(path: string, folder = systemFolder): string {
  const place = join(folder, path);
  mkdirSync(dirname(place), { recursive: true });
  return place;
}

/** As gzip -9n does: the same bytes give the same file. */
function compress(path: string): Uint8Array {
  return gzipSync(readFileSync(path), { level: 9 });
}
