/**
 * The licenses of what a package carries, as one text.
 * @module
 */
import type { Component } from './components.ts';

/** The text. Components that came with the same words stand above them together. */
export function formatLicenses(components: readonly Component[]): string {
  const groups = new Map<string, string[]>();
  for (const { kind, name, version, license, text } of components) {
    const words = text ?? `(It came with no text of its license, which is ${license}.)`;
    groups.set(words, [...(groups.get(words) ?? []), `${name} ${version} (${kind}): ${license}`]);
  }
  const line = '='.repeat(100);
  const parts = [...groups].map(([words, titles]) => `${line}\n${titles.join('\n')}\n${line}\n\n${words}\n`);
  return `Culvert carries work of others. Chromium's is in LICENSES.chromium.html.\n\n${parts.join('\n')}`;
}
