/**
 * The bill of materials, in CycloneDX 1.6 (ECMA-424). It holds no time and no random number: one checkout gives one file.
 * @module
 */
import type { Component } from './components.ts';

/** The document, as JSON. */
export function billOfMaterials(version: string, components: readonly Component[]): object {
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: {
        type: 'application',
        'bom-ref': `culvert@${version}`,
        name: 'culvert',
        version,
        licenses: [{ license: { id: 'BSD-2-Clause' } }],
      },
    },
    components: components.map((component) => ({
      type: component.kind === 'program' ? 'framework' : 'library',
      'bom-ref': packageUrl(component),
      ...splitName(component),
      version: component.version,
      purl: packageUrl(component),
      licenses: component.license === 'NOASSERTION' ? [] : [{ expression: component.license }],
      ...(component.hash === null ? {} : { hashes: [{ alg: component.hash.algorithm, content: component.hash.hex }] }),
    })),
  };
}

/** A scope of npm's is a group of CycloneDX's. */
function splitName({ kind, name }: Component): { readonly group?: string; readonly name: string } {
  const at = kind === 'npm' && name.startsWith('@') ? name.indexOf('/') : -1;
  return at < 0 ? { name } : { group: name.slice(0, at), name: name.slice(at + 1) };
}

/** Package URL (purl-spec): `pkg:TYPE/NAME@VERSION`. */
function packageUrl({ kind, name, version }: Component): string {
  const type = kind === 'program' ? 'generic' : kind;
  return `pkg:${type}/${name.replace('@', '%40')}@${version}`;
}
