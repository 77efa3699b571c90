/**
 * An rpm by rpmbuild (rpm's manual, "Spec file format").
 * @module
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FpmWords } from './fpm-words.ts';
import { stageTree } from './staged-tree.ts';

/** fpm's option → the section of a spec. */
const scripts = {
  'before-install': '%pre',
  'after-install': '%post',
  'before-remove': '%preun',
  'after-remove': '%postun',
} as const;

/** Folders that belong to the system, not to a package. */
const shared = new Set(
  ['', 'etc', 'opt', 'usr', 'usr/bin', 'usr/lib', 'usr/libexec', 'usr/share', 'usr/share/doc'].map(
    (path) => `/${path}`,
  ),
);

/** Build it below `work`; it goes where `--package` says. */
export function buildRpm(words: FpmWords, work: string): void {
  const root = join(work, 'root');
  stageTree(words, root);
  const spec = join(work, 'culvert.spec');
  writeFileSync(spec, specFile(words, listTree(root, '')));
  const folder = join(work, 'out');
  const define = (text: string): readonly string[] => ['--define', text];
  execFileSync(
    'rpmbuild',
    [
      '-bb',
      ...define(`_topdir ${join(work, 'top')}`),
      ...define(`_rpmdir ${folder}`),
      ...define('_rpmfilename package.rpm'),
      ...['--buildroot', join(work, 'buildroot'), spec],
    ],
    { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, STAGED: root } },
  );
  copyFileSync(join(folder, 'package.rpm'), words.options.get('package') ?? '');
}

/** The text of the spec. */
export function specFile({ options, lists }: FpmWords, files: readonly string[]): string {
  const option = (name: string): string => (options.get(name) ?? '').replaceAll('%', '%%');
  return [
    '%global __os_install_post %{nil}',
    '%global _build_id_links none',
    '%global debug_package %{nil}',
    '%global _binary_payload w1.gzdio',
    `Name: ${option('name')}`,
    `Version: ${option('version').replaceAll('-', '~')}`,
    'Release: 1',
    `Summary: ${option('rpm-summary') || option('description').split('\n')[0]?.trim()}`,
    `License: ${option('license') || 'BSD-2-Clause'}`,
    `Vendor: ${option('vendor')}`,
    `URL: ${option('url')}`,
    'AutoReqProv: no',
    ...(lists.get('depends') ?? []).map((name) => `Requires: ${name}`),
    ...(lists.get('rpm-tag') ?? []),
    '',
    '%description',
    option('description'),
    '',
    '%install',
    'mkdir -p "%{buildroot}"; cp -a "$STAGED/." "%{buildroot}/"',
    '',
    ...Object.entries(scripts).flatMap(([name, section]) => {
      const path = options.get(name);
      return path === undefined ? [] : [section, readFileSync(path, 'utf8').replaceAll('%', '%%'), ''];
    }),
    '%files',
    '%defattr(-,root,root,-)',
    ...files,
    '',
  ].join('\n');
}

/** Every file, and every folder that is the package's own, quoted as `%files` wants it. */
function listTree(root: string, path: string): readonly string[] {
  return readdirSync(join(root, path), { withFileTypes: true }).flatMap((entry) => {
    const own = `${path}/${entry.name}`;
    if (!entry.isDirectory()) return [`"${own}"`];
    const isOurs = !shared.has(own) && /culvert/i.test(own);
    return [...(isOurs ? [`%dir "${own}"`] : []), ...listTree(root, own)];
  });
}
