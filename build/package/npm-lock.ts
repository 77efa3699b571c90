/**
 * package-lock.json, as far as packages ask it: what lies where, and what it needs.
 * @module
 */
import { readFileSync } from 'node:fs';

/** The file, version 3. */
export type Lock = {
  readonly packages: Readonly<
    Record<string, { readonly dependencies?: Readonly<Record<string, string>>; readonly integrity?: string }>
  >;
};

/** The one of this checkout. */
export function readLock(): Lock {
  return JSON.parse(readFileSync('package-lock.json', 'utf8')) as Lock;
}

/** Folders of `names` and of everything that they need, each once, nested ones where they lie. */
export function closeOver(names: readonly string[], { packages }: Lock): readonly string[] {
  const found = new Set<string>();
  const add = (name: string, from: string): void => {
    const nested = `${from}/node_modules/${name}`;
    const path = packages[nested] === undefined ? `node_modules/${name}` : nested;
    if (found.has(path) || packages[path] === undefined) return;
    found.add(path);
    for (const next of Object.keys(packages[path].dependencies ?? {})) add(next, path);
  };
  for (const name of names) add(name, '');
  return [...found].sort();
}
