/**
 * Stands in for fpm, a download of electron-builder's, in packages for tests: takes the words that electron-builder says
 * to fpm and makes the deb with dpkg-deb, the rpm with rpmbuild.
 * @module
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildDeb } from './deb.ts';
import { parseFpmWords } from './fpm-words.ts';
import { buildRpm } from './rpm.ts';

const words = parseFpmWords(process.argv.slice(2));
const work = mkdtempSync(join(tmpdir(), 'culvert-fpm-'));
try {
  const kind = words.options.get('output-type');
  if (kind === 'deb') buildDeb(words, work);
  else if (kind === 'rpm') buildRpm(words, work);
  else throw new Error(`no package of the kind ${kind ?? 'unknown'}`);
} finally {
  rmSync(work, { recursive: true, force: true });
}
