/**
 * Licences of what the package carries, as the build wrote them beside the app (build/package/documents.ts).
 * @module
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where they lie in `folder`, the package's. */
export function licensesPath(folder: string): string {
  return join(folder, 'licenses.txt');
}

/** The text; null where there is none, as in a checkout. */
export function readLicenses(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
