/**
 * Everything that a package carries and that others have written: npm's packages, crates, Electron and Node.js, each with
 * its license. The list of licenses and the bill of materials are made from it.
 * @module
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { closeOver, readLock } from './npm-lock.ts';

/** One of them. */
export type Component = {
  readonly kind: 'npm' | 'cargo' | 'program';
  readonly name: string;
  readonly version: string;
  /** An SPDX expression. */
  readonly license: string;
  /** What the license says, as it came with the component; null where it came without. */
  readonly text: string | null;
  readonly hash: { readonly algorithm: 'SHA-512' | 'SHA-256'; readonly hex: string } | null;
};

/** In the app's main process, bundled: package.json has it among what development needs, for nothing is installed of it. */
const bundled = ['dbus-next'];

/** Of packages whose manifest does not name it in SPDX's words: what the text says that they bring. */
const otherwiseNamed = new Map([
  ['node_modules/jsbi', 'Apache-2.0'],
  ['node_modules/map-stream', 'MIT'],
  ['node_modules/pause-stream', 'MIT OR Apache-2.0'],
  ['node_modules/@nornagon/put', 'MIT'],
]);

/** Older manifests have an object, or a list. */
type Manifest = { readonly version: string; readonly license?: unknown };

/** All components, by kind and name. `electron` is the version that is packed. */
export function listComponents(electron: string): readonly Component[] {
  return [...programs(electron), ...npmComponents(), ...crates()];
}

function programs(electron: string): readonly Component[] {
  const nodeFolder = dirname(dirname(realpathSync(process.execPath)));
  const shared = { kind: 'program', license: 'MIT', hash: null } as const;
  return [
    { ...shared, name: 'electron', version: electron, text: licenseText('node_modules/electron') },
    { ...shared, name: 'node', version: process.versions.node, text: licenseText(nodeFolder) },
  ];
}

function npmComponents(): readonly Component[] {
  const lock = readLock();
  const names = [...Object.keys(lock.packages['']?.dependencies ?? {}), ...bundled];
  return closeOver(names, lock).map((path) => {
    const { version, license } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as Manifest;
    const integrity = lock.packages[path]?.integrity ?? '';
    return {
      kind: 'npm',
      name: path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
      version,
      license: otherwiseNamed.get(path) ?? (typeof license === 'string' ? license : 'NOASSERTION'),
      text: licenseText(path),
      hash: integrity.startsWith('sha512-')
        ? { algorithm: 'SHA-512', hex: Buffer.from(integrity.slice(7), 'base64').toString('hex') }
        : null,
    };
  });
}

type CargoMetadata = {
  readonly packages: readonly {
    readonly id: string;
    readonly name: string;
    readonly version: string;
    readonly license: string | null;
    readonly manifest_path: string;
  }[];
  readonly resolve: {
    readonly root: string;
    readonly nodes: readonly {
      readonly id: string;
      readonly deps: readonly {
        readonly pkg: string;
        readonly dep_kinds: readonly { readonly kind: string | null }[];
      }[];
    }[];
  };
};

/** What the native package is linked with; not what builds or tests it. */
function crates(): readonly Component[] {
  const words = ['metadata', '--format-version', '1', '--locked', '--filter-platform', 'x86_64-unknown-linux-gnu'];
  const text = execFileSync('cargo', words, {
    cwd: 'core/tun-tap',
    maxBuffer: 2 ** 26,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { packages, resolve } = JSON.parse(text.toString()) as CargoMetadata;
  const linked = new Set<string>();
  const add = (id: string): void => {
    if (linked.has(id)) return;
    linked.add(id);
    const deps = resolve.nodes.find((node) => node.id === id)?.deps ?? [];
    for (const { pkg, dep_kinds: kinds } of deps) if (kinds.some(({ kind }) => kind === null)) add(pkg);
  };
  add(resolve.root);
  linked.delete(resolve.root);
  const sums = cargoSums(readFileSync('core/tun-tap/Cargo.lock', 'utf8'));
  return packages
    .filter(({ id }) => linked.has(id))
    .map(({ name, version, license, manifest_path: manifest }): Component => {
      const hex = sums.get(`${name} ${version}`);
      return {
        kind: 'cargo',
        name,
        version,
        license: (license ?? 'NOASSERTION').replaceAll('/', ' OR '),
        text: licenseText(dirname(manifest)),
        hash: hex === undefined ? null : { algorithm: 'SHA-256', hex },
      };
    })
    .sort((a, b) => (`${a.name} ${a.version}` < `${b.name} ${b.version}` ? -1 : 1));
}

/** `NAME VERSION` → checksum, as Cargo.lock has them. */
function cargoSums(lock: string): ReadonlyMap<string, string> {
  const pattern = /name = "([^"]+)"\nversion = "([^"]+)"\nsource = "[^"]*"\nchecksum = "([0-9a-f]+)"/g;
  return new Map([...lock.matchAll(pattern)].map(([, name, version, sum]) => [`${name} ${version}`, sum ?? '']));
}

function licenseText(folder: string): string | null {
  if (!existsSync(folder)) return null;
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && /^(licen[cs]e|copying|notice|unlicense)/i.test(entry.name))
    .map(({ name }) => name)
    .sort();
  if (names.length === 0) return null;
  return names.map((name) => readFileSync(join(folder, name), 'utf8').trim()).join('\n\n');
}
