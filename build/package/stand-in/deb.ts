/**
 * A deb by dpkg-deb (deb-control(5), deb-conffiles(5)).
 * @module
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, chmodSync, existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { FpmWords } from './fpm-words.ts';
import { sizeOfTree, stageTree } from './staged-tree.ts';

/** fpm's option → the script's name in a deb. */
const scripts = {
  'before-install': 'preinst',
  'after-install': 'postinst',
  'before-remove': 'prerm',
  'after-remove': 'postrm',
} as const;

/** Build it below `work`; it goes where `--package` says. A test waits for it: packed as the release is, but fast. */
export function buildDeb(words: FpmWords, work: string): void {
  const root = join(work, 'root');
  const control = join(root, 'DEBIAN');
  stageTree(words, root);
  addChangelog(words, root);
  const bytes = sizeOfTree(root);
  mkdirSync(control);
  writeFileSync(join(control, 'control'), controlFile(words, Math.ceil(bytes / 1024)));
  addScripts(words, control);
  addConffiles(root, control);
  addSums(root, control);
  const target = required(words, 'package');
  const compression = words.options.get('deb-compression') ?? 'xz';
  const how = ['--root-owner-group', `-Z${compression}`, '-z1'];
  execFileSync('dpkg-deb', [...how, '--build', root, target], { stdio: ['ignore', 'ignore', 'pipe'] });
}

/** The text of `DEBIAN/control`. */
export function controlFile(words: FpmWords, installedKibibytes: number): string {
  const { options, lists } = words;
  const fields = {
    Package: required(words, 'name'),
    Version: required(words, 'version'),
    Section: options.get('category'),
    Priority: options.get('deb-priority'),
    Architecture: required(words, 'architecture'),
    Maintainer: required(words, 'maintainer'),
    'Installed-Size': String(installedKibibytes),
    Depends: lists.get('depends')?.join(', '),
    Recommends: lists.get('deb-recommends')?.join(', '),
    Homepage: options.get('url'),
    Description: describe(required(words, 'description')),
  };
  return Object.entries(fields)
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}\n`]))
    .join('');
}

/** The first line is the summary, the others are the text: indented, and a point where one is empty. */
function describe(text: string): string {
  const [summary = '', ...lines] = text.split('\n').map((line) => line.trim());
  return [summary.trim(), ...lines.map((line) => ` ${line === '' ? '.' : line}`)].join('\n');
}

function addChangelog(words: FpmWords, root: string): void {
  const source = words.options.get('deb-changelog');
  if (source === undefined) return;
  const folder = join(root, 'usr', 'share', 'doc', required(words, 'name'));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'changelog.gz'), gzipSync(readFileSync(source), { level: 9 }));
}

function addScripts({ options }: FpmWords, control: string): void {
  for (const [option, name] of Object.entries(scripts)) {
    const source = options.get(option);
    if (source === undefined) continue;
    copyFileSync(source, join(control, name));
    chmodSync(join(control, name), 0o755);
  }
}

/** As fpm does: what lies in /etc is the person's to change. */
function addConffiles(root: string, control: string): void {
  const files = existsSync(join(root, 'etc')) ? filesBelow(root).filter((path) => path.startsWith('etc/')) : [];
  if (files.length > 0) writeFileSync(join(control, 'conffiles'), files.map((path) => `/${path}\n`).join(''));
}

function addSums(root: string, control: string): void {
  const files = filesBelow(root).filter((path) => !path.startsWith('DEBIAN/'));
  const sums = execFileSync('md5sum', ['--', ...files], { cwd: root, maxBuffer: 2 ** 26 });
  writeFileSync(join(control, 'md5sums'), sums);
}

/** Regular files, without what links lead to. */
function filesBelow(root: string): readonly string[] {
  return globSync('**/*', { cwd: root, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort();
}

function required({ options }: FpmWords, name: string): string {
  const value = options.get(name);
  if (value === undefined) throw new Error(`--${name} is missing`);
  return value;
}
