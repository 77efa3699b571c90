/**
 * Documents about what a package carries, beside the app in every kind of package: licenses and the bill of materials.
 * @module
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { billOfMaterials } from './bill-of-materials.ts';
import { listComponents } from './components.ts';
import { formatLicenses } from './licenses.ts';

/** Where they are put. */
export const documentsFolder = join('dist', 'documents');

/** Write them, for a package of this version with that Electron. */
export function buildDocuments(version: string, electron: string): void {
  const components = listComponents(electron);
  rmSync(documentsFolder, { recursive: true, force: true });
  mkdirSync(documentsFolder, { recursive: true });
  writeFileSync(join(documentsFolder, 'licenses.txt'), formatLicenses(components));
  const bill = JSON.stringify(billOfMaterials(version, components), null, 2);
  writeFileSync(join(documentsFolder, 'sbom.cdx.json'), `${bill}\n`);
}
